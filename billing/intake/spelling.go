package intake

import (
	"cmp"

	"wuyepay/billing/sheet"
	"wuyepay/models"
	"wuyepay/models/estate"
)

// oneSpelling returns a name in the spelling in which the file has it first. Names of
// several kinds, such as community and fee item, do not mix.
func (p *pass) oneSpelling(kind, name string) string {
	key := kind + "\x00" + models.NameKey(name)
	if _, ok := p.spelt[key]; !ok {
		p.spelt[key] = name
	}
	return p.spelt[key]
}

// requiredName reads a name that must not be blank, and returns it in the spelling in
// which the file has it first. Signs that nobody can see are no name.
func (p *pass) requiredName(row *sheet.Row, key string, longest int) string {
	name := p.required(row, key, longest)
	if name == "" {
		return ""
	}
	if models.NameKey(name) == "" {
		p.addMistake(row.Mistake(key, "不能为空"))
		return ""
	}
	return p.oneSpelling(key, name)
}

// communityName reads the community that a row may name, in the same spelling.
func (p *pass) communityName(row *sheet.Row) string {
	name := p.text(row, colCommunity, 100)
	if name == "" {
		return ""
	}
	return p.oneSpelling(colCommunity, name)
}

// itemOf returns a fee item in the spelling that the community keeps. One that it does not
// have keeps the spelling of the file.
func (p *pass) itemOf(communityID, item string) (string, error) {
	names, ok := p.items[communityID]
	if !ok {
		var err error
		if names, err = estate.FeeItems(p.tx, communityID); err != nil {
			return "", err
		}
		p.items[communityID] = names
	}
	return names.Of(item), nil
}

// spellRooms sets building, unit, kind and steward of rows to the spelling that rooms of the
// community have already, or that the file had first: 1 栋 is the building 1栋, and the
// steward who sees it is found by one name. c has no ID if the community is new.
func (t *roomTable) spellRooms(c estate.Community, rows []roomRow) error {
	if _, ok := t.roomNames[c.ID]; !ok {
		names, err := estate.RoomSpellings(t.tx, c.ID)
		if err != nil {
			return err
		}
		t.roomNames[c.ID] = names
	}
	for i := range rows {
		r := &rows[i].room
		for column, text := range map[string]*string{"building": &r.Building, "unit": &r.Unit, "kind": &r.Kind, "steward": &r.Steward} {
			if *text != "" {
				*text = cmp.Or(t.roomNames[c.ID].Of(column, *text), t.oneSpelling(c.Name+"\x00"+column, *text))
			}
		}
	}
	return nil
}
