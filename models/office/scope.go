package office

// Scope is which rooms a member of staff may see. Every list and every look-up of the
// console takes one, so that the query itself leaves out what is not theirs. The zero
// value sees no room.
type Scope struct {
	all     bool
	steward string
}

// AllRooms returns the scope that sees every room.
func AllRooms() Scope { return Scope{all: true} }

// Scope returns which rooms the member of staff may see: a steward those whose Steward
// is their Name, all others every room.
func (s Staff) Scope() Scope {
	if s.Role == RoleSteward {
		return Scope{steward: s.Name}
	}
	return AllRooms()
}

// And returns the condition on the rooms table, called r in the statement, with AND
// before it. A steward without a name sees nothing: rooms without a steward have an
// empty name, too.
func (s Scope) And() (string, []any) {
	switch {
	case s.all:
		return "", nil
	case s.steward == "":
		return " AND 1 = 0", nil
	}
	return " AND r.steward = ?", []any{s.steward}
}
