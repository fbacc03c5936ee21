package console

import (
	"wuyepay/models"
)

// maxChoices bounds the communities of a <select>.
const maxChoices = 500

// communityChoices are all communities, for a form to choose one.
func (c *call) communityChoices() ([]choice, error) {
	list, err := c.view.Communities("", maxChoices)
	out := make([]choice, len(list))
	for i, x := range list {
		out[i] = choice{x.ID, x.Name}
	}
	return out, err
}

// communityNames are the names of communities by id.
func (c *call) communityNames() (map[string]string, error) {
	list, err := c.view.Communities("", maxChoices)
	out := make(map[string]string, len(list))
	for _, x := range list {
		out[x.ID] = x.Name
	}
	return out, err
}

// wholeNumber reads a whole number of a form; blank is none, and what is no number
// is -1, which every check refuses.
func wholeNumber(text string, none int) int {
	if text == "" {
		return none
	}
	n := 0
	for _, r := range models.HalfWidth(text) {
		if r < '0' || r > '9' || n > 100_000 {
			return -1
		}
		n = n*10 + int(r-'0')
	}
	return n
}
