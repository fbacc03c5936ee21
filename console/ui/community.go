package ui

import "wuyepay/models/estate"

// MaxCommunities is how many communities a <select> can hold.
const MaxCommunities = 500

// CommunityOptions returns an option for each community.
func (c *Call) CommunityOptions() ([]Option, error) {
	list, err := estate.Communities(c.View, "", MaxCommunities)
	out := make([]Option, len(list))
	for i, x := range list {
		out[i] = Option{Value: x.ID, Text: x.Name}
	}
	return out, err
}

// CommunityNames returns the names of all communities by id.
func (c *Call) CommunityNames() (map[string]string, error) {
	list, err := estate.Communities(c.View, "", MaxCommunities)
	out := make(map[string]string, len(list))
	for _, x := range list {
		out[x.ID] = x.Name
	}
	return out, err
}
