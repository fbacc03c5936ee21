package ui

import "wuyepay/models/estate"

// MaxChoices bounds the communities of a <select>.
const MaxChoices = 500

// CommunityChoices are all communities, for a form to choose one.
func (c *Call) CommunityChoices() ([]Option, error) {
	list, err := estate.Communities(c.View, "", MaxChoices)
	out := make([]Option, len(list))
	for i, x := range list {
		out[i] = Option{Value: x.ID, Text: x.Name}
	}
	return out, err
}

// CommunityNames are the names of communities by id.
func (c *Call) CommunityNames() (map[string]string, error) {
	list, err := estate.Communities(c.View, "", MaxChoices)
	out := make(map[string]string, len(list))
	for _, x := range list {
		out[x.ID] = x.Name
	}
	return out, err
}
