package estate

import (
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// CommunitiesOf returns the communities that have a room in a scope, by name; of a scope
// that sees every room all of them, also those without rooms.
func CommunitiesOf(tx *store.Tx, scope office.Scope) ([]Community, error) {
	where, args := scope.And()
	if where == "" {
		return store.G[Community](tx).Order("name").Find(tx.Context())
	}
	return store.G[Community](tx).Where("id IN (SELECT r.community_id FROM rooms r WHERE 1 = 1"+where+")", args...).
		Order("name").Find(tx.Context())
}
