package store

import "strings"

var likeEscaper = strings.NewReplacer("!", "!!", "%", "!%", "_", "!_")

// Like makes a text harmless inside LIKE … ESCAPE '!'.
func Like(s string) string { return likeEscaper.Replace(s) }
