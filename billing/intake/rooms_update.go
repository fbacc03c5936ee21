package intake

import (
	"cmp"
	"errors"

	"wuyepay/billing"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/office"
)

// reasonOwner is the mistake of a file that names another owner than the books.
const reasonOwner = "与系统登记的业主不同：更换业主请办理房屋过户，更正姓名请修改业主资料，导入不会更换业主"

// update compares rows with the rooms that exist and writes what differs. known are these
// rooms by the key of their code.
//
// An owner of several rooms has one record, which the writing pass changes once. The rows
// after the first then find the new phone number and count as unchanged if nothing else
// differs, so that the writing pass may count fewer changes than the comparing pass.
func (t *roomTable) update(c estate.Community, rows []roomRow, known map[string]estate.Room) error {
	if len(rows) == 0 {
		return nil
	}
	held, err := t.holders(rows)
	if err != nil {
		return err
	}
	if err := t.remember(rows, held); err != nil {
		return err
	}
	var ownerless []roomRow // rooms that nobody holds and whose row names an owner
	for _, r := range rows {
		change := compareRoom(r, known[r.room.CodeKey])
		h := held.current[r.room.ID]
		var owner *estate.Owner
		switch {
		case h != nil:
			owner = held.owners[h.OwnerID]
			if r.owner == "" && r.phone != "" {
				// The file has phone numbers and no names. They can only be those of the owners in the books.
				r.owner = owner.Name
				t.warn(r.row.Mistake("phone", "没有业主姓名，电话按系统登记的业主处理"))
			}
			t.warnOfOwner(r.row, true, r.phone != "" || owner.PhoneIndex != "")
			t.compareOwner(&change, r, h, owner, held.several[h.OwnerID])
		case r.owner == "" && r.phone != "":
			t.addMistake(r.row.Mistake("phone", reasonNobody))
		case r.owner == "":
			t.warnOfOwner(r.row, false, false)
		default:
			t.warnOfOwner(r.row, true, r.phone != "")
			change.touch("owner")
			r.room.HandedOverOn = firstFreeDay(held.all[r.room.ID], change.room.HandedOverOn)
			ownerless = append(ownerless, r)
		}
		if len(change.fields) == 0 {
			t.decide(r.row, unchanged)
			continue
		}
		t.decide(r.row, changed)
		t.stage.changes(r.row, change.fields)
		if !t.write {
			continue
		}
		if err := t.writeChange(c, &change, r, h, owner); err != nil {
			return err
		}
	}
	if !t.write {
		return nil
	}
	return t.insertOwners(c, ownerless)
}

// holders holds who owns a batch of rooms.
type holders struct {
	all     map[string][]estate.OwnerTenure // by room
	current map[string]*estate.OwnerTenure  // by room
	owners  map[string]*estate.Owner        // by id: rooms of one owner share the record
	several map[string]bool                 // by id: the owner holds more than one room
}

// holders looks up the owners of the rooms. The current holder is today's owner or,
// before the handover, the future one.
func (t *roomTable) holders(rows []roomRow) (h holders, err error) {
	rooms := make([]string, len(rows))
	for i, r := range rows {
		rooms[i] = r.room.ID
	}
	if h.all, err = estate.OwnerTenuresOfRooms(t.tx, rooms); err != nil {
		return h, err
	}
	h.current, h.owners = make(map[string]*estate.OwnerTenure, len(rows)), make(map[string]*estate.Owner, len(rows))
	var ids []string
	for room, list := range h.all {
		now := billing.CurrentTenure(list, t.tx.Today())
		if now == nil {
			continue
		}
		h.current[room] = now
		if h.owners[now.OwnerID] == nil {
			o := now.Owner
			h.owners[now.OwnerID] = &o
			ids = append(ids, now.OwnerID)
		}
	}
	h.several, err = estate.OwnersOfSeveral(t.tx, ids)
	return h, err
}

// remember notes rooms, tenures and owners as they are before the writing pass changes some
// of them.
func (t *roomTable) remember(rows []roomRow, held holders) error {
	var rooms, tenures, owners []string
	for _, r := range rows {
		rooms = append(rooms, r.room.ID)
		if h := held.current[r.room.ID]; h != nil {
			tenures, owners = append(tenures, h.ID), append(owners, h.OwnerID)
		}
	}
	return errors.Join(t.changesRows("rooms", rooms...), t.changesRows("tenures", tenures...), t.changesRows("owners", owners...))
}

// firstFreeDay returns the first day on which a room without an owner can have one: the
// handover, or the day after the last owner's. For example, with a handover of 1
// January 2020 and an owner until 31 May 2024 it is 1 June 2024. All tenures in ended
// have an end.
func firstFreeDay(ended []estate.OwnerTenure, handover models.Date) models.Date {
	for _, h := range ended {
		handover = max(handover, h.ToOn+1)
	}
	return handover
}

// roomChange holds what a row changes about a room: the room as it should be,
// and the fields that differ. The fields hold old and new value unless these
// are personal data.
type roomChange struct {
	was         estate.Room
	room        estate.Room
	fields      map[string]any
	roomDiffers bool // fields of the room itself differ, not only of its owner
	split       bool // the owner's other rooms keep the old phone number
	phone       bool
	movesTenure bool // the tenure began on the old handover day
}

// touch records that a field differs, without its values.
func (c *roomChange) touch(field string) { c.fields[field] = true }

// set changes a field of the room. The audit log shows the values of open fields only. Of
// the others, such as the steward, who is a person, it shows that they changed. Another
// spelling of a name is no change: the first one stays.
func (c *roomChange) set(field string, have *string, want string, open bool) {
	if *have == want {
		return
	}
	c.roomDiffers = true
	c.touch(field)
	if open {
		c.fields[field] = [2]string{*have, want}
	}
	*have = want
}

// compareRoom returns what a row changes about the room itself. A blank cell clears a
// field whose column the file has, except the state, which has no blank value. The code
// may change its spelling only: the row was found by its key.
func compareRoom(r roomRow, have estate.Room) roomChange {
	c := roomChange{was: have, room: have, fields: map[string]any{}}
	c.set("code", &c.room.Code, r.room.Code, true)
	c.set("area", &c.room.Area, r.room.Area, true)
	for _, f := range []struct {
		column string
		have   *string
		want   string
		open   bool
	}{
		{"building", &c.room.Building, r.room.Building, true},
		{"unit", &c.room.Unit, r.room.Unit, true},
		{"number", &c.room.Number, r.room.Number, true},
		{colKind, &c.room.Kind, r.room.Kind, true},
		{colPrice, &c.room.Price, r.room.Price, true},
		{colCycle, &c.room.Cycle, r.room.Cycle, true},
		{"steward", &c.room.Steward, r.room.Steward, false},
	} {
		if hasColumn(r.row, f.column) && (f.column == colPrice || models.NameKey(*f.have) != models.NameKey(f.want)) {
			c.set(f.column, f.have, f.want, f.open)
		}
	}
	c.set("occupancy", &c.room.Occupancy, cmp.Or(r.room.Occupancy, have.Occupancy), true)
	if hasColumn(r.row, "handover") && r.room.HandedOverOn != have.HandedOverOn {
		c.fields["handed_over_on"] = [2]models.Date{have.HandedOverOn, r.room.HandedOverOn}
		c.room.HandedOverOn, c.roomDiffers = r.room.HandedOverOn, true
	}
	return c
}

// compareOwner adds what a row changes about the owner and the tenure. A tenure that
// began on the handover day moves with it when the file corrects that day. One that
// began with a transfer stays. For example, if the handover is corrected from 1 to 15
// March, the first owner's tenure begins on 15 March.
//
// Names are compared by [models.PersonKey], and stay as they are stored: 张　三 is 张三. Phone numbers are compared by their blind
// index.
func (t *roomTable) compareOwner(c *roomChange, r roomRow, h *estate.OwnerTenure, o *estate.Owner, several bool) {
	c.movesTenure = c.room.HandedOverOn != h.FromOn && c.fields["handed_over_on"] != nil &&
		h.FromOn == c.fields["handed_over_on"].([2]models.Date)[0]
	if r.owner == "" {
		return
	}
	if models.PersonKey(r.owner) != models.PersonKey(o.Name) {
		t.addMistake(r.row.Mistake("owner", reasonOwner))
		return
	}
	if r.phone == "" {
		return
	}
	index := estate.PhoneIndex(t.tx, r.phone)
	if several {
		t.recordPhone(o.ID, index)
	}
	if index != o.PhoneIndex {
		c.phone = true
		c.touch("owner_phone")
		// If the file has different numbers for the owner's rooms, these are two persons,
		// or at least two to call. Otherwise every import would change the one record
		// back and forth.
		c.split = t.write && several && t.first.phones[o.ID] == ""
	}
}

// recordPhone remembers the phone number that the file has for an owner of several
// rooms. It takes about 100 bytes each; there are few such owners. Only the comparing
// pass records, because the writing pass must know of the last row before it writes the
// first.
func (t *roomTable) recordPhone(ownerID, index string) {
	if t.write {
		return
	}
	if have, ok := t.first.phones[ownerID]; ok && have != index {
		index = ""
	}
	t.first.phones[ownerID] = index
}

// writeChange writes what a row changes, with one audit entry. h and o are nil for a
// room that nobody holds; its new owner is inserted by update afterwards, with the
// others of the batch. A split moves the tenure, and with it the bills and bindings of
// the room, to another record of the owner.
func (t *roomTable) writeChange(c estate.Community, change *roomChange, r roomRow, h *estate.OwnerTenure, o *estate.Owner) error {
	if change.roomDiffers {
		if err := estate.UpdateRoom(t.tx, change.room); err != nil {
			return err
		}
	}
	var err error
	phoneWas := ""
	if change.phone {
		if phoneWas, err = estate.OwnerPhone(t.tx, *o); err != nil {
			return err
		}
	}
	tenure := estate.Tenure{}
	if h != nil {
		tenure = h.Tenure
	}
	if change.movesTenure {
		tenure.FromOn = change.room.HandedOverOn
	}
	switch {
	case change.split:
		tenure.OwnerID, err = t.splitOwner(c, r)
	case change.phone:
		err = estate.SetOwnerPhone(t.tx, o, r.phone)
	}
	if err == nil && h != nil && tenure != h.Tenure {
		err = estate.CorrectTenure(t.tx, tenure)
	}
	if err != nil {
		return err
	}
	if err := t.keepHistory(change, r, phoneWas); err != nil {
		return err
	}
	return office.Audit(t.tx, t.by, "room.changed", "room", r.room.ID, change.fields)
}

// reasonImport is the reason in the history of a room for what a file changes.
const reasonImport = "导入房产资料"

// keepHistory adds what a row changes to the history of its room. Phone numbers are
// masked.
func (t *roomTable) keepHistory(change *roomChange, r roomRow, phoneWas string) error {
	list := estate.RoomDiff(change.was, change.room)
	if change.phone {
		list = append(list, estate.RoomChange{RoomID: r.room.ID, Field: estate.FieldPhone, OldValue: models.MaskPhone(phoneWas),
			NewValue: models.MaskPhone(r.phone)})
	}
	return estate.KeepRoomChanges(t.tx, t.by, reasonImport, list)
}

// splitOwner returns the id of the record that has the row's owner name and phone
// number. It inserts the record if there is none. The old record stays with the owner's
// other rooms.
func (t *roomTable) splitOwner(c estate.Community, r roomRow) (string, error) {
	book, err := t.ownersOf(c, []roomRow{r})
	if err != nil {
		return "", err
	}
	id := book.idOf(r)
	t.addsOwners(book.added)
	return id, estate.InsertOwners(t.tx, book.added)
}
