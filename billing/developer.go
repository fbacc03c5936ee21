package billing

import (
	"context"
	"errors"
	"strings"
	"unicode/utf8"

	"wuyepay/billing/calc"
	"wuyepay/billing/sheet"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// Refusals of a developer 建设单位.
var (
	ErrDeveloperName    = models.Invalid("DEVELOPER_NAME", "请填写建设单位名称（最多 100 个字），联系人最多 100 个字")
	ErrDeveloperFrom    = models.Invalid("DEVELOPER_FROM", "起始日期不正确：不能晚于今天；从最初起由其承担的，可以不填")
	ErrDeveloperMissing = models.Refusal(models.KindConflict, "DEVELOPER_MISSING", "该小区还没有登记建设单位")
)

// DeveloperForm is what staff register of a developer.
type DeveloperForm struct {
	CommunityID string
	Name        string
	Contact     string      // the person to talk to
	Phone       string      // digits; empty if not known
	FromOn      models.Date // first day of its liability; none: from the beginning
}

func (f *DeveloperForm) check(today models.Date) error {
	f.Name, f.Contact, f.Phone = personName(f.Name), strings.TrimSpace(f.Contact), models.HalfWidth(strings.TrimSpace(f.Phone))
	switch {
	case f.Name == "" || utf8.RuneCountInString(f.Name) > 100 || utf8.RuneCountInString(f.Contact) > 100:
		return ErrDeveloperName
	case f.Phone != "" && !sheet.IsPhone(f.Phone):
		return ErrOwnerPhone
	case f.FromOn > today:
		return ErrDeveloperFrom
	}
	return nil
}

// RegisterDeveloper makes a party the developer of a community. It holds the rooms that are
// unsold and that nobody owns, from its first day on, and owes their bills. It returns how
// many rooms those are, or [estate.ErrDeveloperExists].
func RegisterDeveloper(ctx context.Context, db *store.DB, by models.Actor, f DeveloperForm) (d estate.Developer, rooms int, err error) {
	if err := f.check(db.Today()); err != nil {
		return d, 0, err
	}
	err = db.Write(ctx, func(tx *store.Tx) error {
		if err := estate.LockCommunity(tx, f.CommunityID); err != nil {
			return err
		}
		o := estate.NewOwner(tx, f.CommunityID, f.Name, f.Phone)
		if err := estate.InsertOwners(tx, []estate.Owner{o}); err != nil {
			return err
		}
		d = estate.Developer{OwnerID: o.ID, CommunityID: f.CommunityID, Contact: f.Contact, FromOn: f.FromOn}
		if err := estate.InsertDeveloper(tx, by, &d); err != nil {
			return err
		}
		rooms, err = HoldUnsold(tx, by, f.CommunityID)
		return err
	})
	return d, rooms, err
}

// ChangeDeveloper corrects name, contact and, unless it is empty, phone of a developer. It
// stays the same party.
func ChangeDeveloper(ctx context.Context, db *store.DB, by models.Actor, ownerID string, f DeveloperForm) error {
	f.FromOn = 0
	if err := f.check(db.Today()); err != nil {
		return err
	}
	return db.Write(ctx, func(tx *store.Tx) error {
		d, err := estate.DeveloperByOwner(tx, ownerID)
		if err != nil {
			return err
		}
		o, err := estate.OwnerByID(tx, ownerID)
		if err != nil {
			return err
		}
		if o.Name != f.Name {
			if err := estate.RenameOwner(tx, &o, f.Name); err != nil {
				return err
			}
		}
		if f.Phone != "" {
			if err := estate.SetOwnerPhone(tx, &o, f.Phone); err != nil {
				return err
			}
		}
		d.Contact = f.Contact
		if err := estate.UpdateDeveloper(tx, &d); err != nil {
			return err
		}
		return office.Audit(tx, by, "developer.changed", "owner", ownerID, nil)
	})
}

// HoldUnsold makes the developer of a community hold its unsold rooms that nobody owns, and
// returns their number. Those that another record of the developer's name holds, as a file
// makes them room by room, are among them: their bills and bindings follow. Their bills that name nobody, and that begin in the developer's
// time, become the developer's by name, so that they stay with it when a room is sold. A
// community without a developer is left as it is. The caller holds the lock of the
// community.
func HoldUnsold(tx *store.Tx, by models.Actor, communityID string) (int, error) {
	d, err := estate.DeveloperOf(tx, communityID)
	if errors.Is(err, models.ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	total, err := joinNamesakes(tx, &d)
	if err != nil {
		return 0, err
	}
	for {
		rooms, err := estate.UnsoldRooms(tx, communityID, holdStep)
		if err != nil || len(rooms) == 0 {
			return total, err
		}
		tenures, ids := make([]estate.Tenure, len(rooms)), make([]string, len(rooms))
		for i, r := range rooms {
			ids[i] = r.ID
			tenures[i] = estate.Tenure{ID: models.NewID(), RoomID: r.ID, OwnerID: d.OwnerID, Role: estate.TenureOwner, FromOn: d.FromOn,
				CreatedAt: tx.Now}
		}
		if err := holdAfterFormer(tx, tenures, ids); err != nil {
			return total, err
		}
		if err := estate.InsertTenures(tx, tenures); err != nil {
			return total, err
		}
		if err := nameDebtor(tx, ids); err != nil {
			return total, err
		}
		total += len(rooms)
		if err := office.Audit(tx, by, "developer.rooms", "owner", d.OwnerID, map[string]any{"rooms": len(rooms)}); err != nil {
			return total, err
		}
	}
}

// joinNamesakes moves the unsold rooms that other records of the developer's name hold to
// the developer, and returns their number.
func joinNamesakes(tx *store.Tx, d *estate.Developer) (int, error) {
	o, err := estate.OwnerByID(tx, d.OwnerID)
	if err != nil {
		return 0, err
	}
	list, err := estate.UnsoldHeldByName(tx, d.CommunityID, o.Name, o.ID)
	if err != nil {
		return 0, err
	}
	for _, t := range list {
		t.OwnerID = o.ID
		if err := estate.CorrectTenure(tx, t); err != nil {
			return 0, err
		}
	}
	return len(list), nil
}

// holdStep is how many rooms are given to a developer at a time.
const holdStep = 400

// holdAfterFormer lets a tenure begin after that of a former owner, where a room came back
// to the developer.
func holdAfterFormer(tx *store.Tx, tenures []estate.Tenure, ids []string) error {
	held, err := estate.TenurePeriods(tx, ids)
	if err != nil {
		return err
	}
	for i := range tenures {
		for _, h := range held[tenures[i].RoomID] {
			if !h.To.IsZero() && h.To >= tenures[i].FromOn {
				tenures[i].FromOn = h.To + 1
			}
		}
	}
	return nil
}

// nameDebtor writes into open bills of rooms that name nobody who owes them.
func nameDebtor(tx *store.Tx, roomIDs []string) error {
	held, err := estate.TenurePeriods(tx, roomIDs)
	if err != nil {
		return err
	}
	open, err := fees.OpenBillsOfRooms(tx, roomIDs)
	if err != nil {
		return err
	}
	var ids []string
	for _, b := range open {
		if b.OwnerID == "" {
			ids = append(ids, b.ID)
		}
	}
	bills, err := fees.LockBills(tx, ids)
	if err != nil {
		return err
	}
	for i := range bills {
		b := &bills[i]
		owner := OwnerOf(held[b.RoomID], calc.Days{From: b.PeriodStart, To: b.PeriodEnd})
		if b.OwnerID != "" || owner == "" {
			continue
		}
		if err := fees.SetBillOwner(tx, b, owner); err != nil {
			return err
		}
	}
	return nil
}

// HoldUnsoldNow is [HoldUnsold] as staff ask for it: at once, under the lock of the
// community. It returns [ErrDeveloperMissing] if the community has no developer.
func HoldUnsoldNow(ctx context.Context, db *store.DB, by models.Actor, communityID string) (rooms int, err error) {
	err = db.Write(ctx, func(tx *store.Tx) error {
		if err := estate.LockCommunity(tx, communityID); err != nil {
			return err
		}
		if _, err := estate.DeveloperOf(tx, communityID); err != nil {
			if errors.Is(err, models.ErrNotFound) {
				return ErrDeveloperMissing
			}
			return err
		}
		rooms, err = HoldUnsold(tx, by, communityID)
		return err
	})
	return rooms, err
}
