package billing

import (
	"context"
	"slices"

	"wuyepay/billing/calc"
	"wuyepay/billing/sheet"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// Refusals of a tenancy.
var (
	// ErrTenantDates: no first day, or a last day before it.
	ErrTenantDates = models.Refusal(models.KindUnprocessable, "TENANT_DATES", "租期的开始日必填，结束日不能早于开始日")
	// ErrTenantOwner: the person owns the room in these days.
	ErrTenantOwner = models.Refusal(models.KindUnprocessable, "TENANT_IS_OWNER", "此人是房屋的现业主，不需要登记为租户")
	// ErrTenantItem: a fee item that the room does not have.
	ErrTenantItem = models.Refusal(models.KindUnprocessable, "TENANT_ITEM", "费项不在这套房屋的收费项目中")
	// ErrTenantClash: another tenant pays the item in these days.
	ErrTenantClash = models.Refusal(models.KindConflict, "TENANT_CLASH", "所选费项在这段时间已约定由租户缴纳，请先结束原来的租赁")
	// ErrTenantEnded: the tenancy has ended, or would end before it began.
	ErrTenantEnded = models.Refusal(models.KindConflict, "TENANT_ENDED", "该租赁已经结束，或结束日早于开始日")
)

// TenantRequest registers a tenant 租户 who pays by agreement with the owner.
type TenantRequest struct {
	RoomID string
	Name   string
	Phone  string // in any spelling; the tenant binds the room by it
	From   models.Date
	To     models.Date // zero: until further notice
	Items  []string    // fee items that the tenant pays; none: all
}

// AddTenant registers a tenant. The owner stays liable and sees all bills as
// before. The tenant sees and pays those of the agreed items whose period
// begins within the tenancy, and is reminded of them first. Two tenants never
// pay the same item for the same days ([ErrTenantClash]).
func AddTenant(ctx context.Context, db *store.DB, by models.Actor, req TenantRequest) (estate.Tenure, error) {
	var tenure estate.Tenure
	req.Name = personName(req.Name)
	if err := checkOwnerName(req.Name); err != nil {
		return tenure, err
	}
	var ok bool
	if req.Phone, ok = sheet.ParsePhone(req.Phone); !ok {
		return tenure, ErrOwnerPhone
	}
	if req.From.IsZero() || !req.To.IsZero() && req.To < req.From {
		return tenure, ErrTenantDates
	}
	if err := models.CheckDays(db.Today(), models.DayOfKind{Kind: models.FirstDay, Day: req.From},
		models.DayOfKind{Kind: models.LastDay, Day: req.To}); err != nil {
		return tenure, err
	}
	err := db.Write(ctx, func(tx *store.Tx) (err error) {
		tenure, err = addTenant(tx, by, req)
		return err
	})
	return tenure, err
}

// addTenant is AddTenant within a transaction.
func addTenant(tx *store.Tx, by models.Actor, req TenantRequest) (estate.Tenure, error) {
	room, err := estate.RoomByID(tx, req.RoomID)
	if err != nil {
		return estate.Tenure{}, err
	}
	// One registration at a time: two could otherwise take the same item.
	if err := estate.LockCommunity(tx, room.CommunityID); err != nil {
		return estate.Tenure{}, err
	}
	known, err := PrepayItems(tx, room)
	if err != nil {
		return estate.Tenure{}, err
	}
	names, err := estate.FeeItems(tx, room.CommunityID)
	if err != nil {
		return estate.Tenure{}, err
	}
	for i, item := range req.Items {
		if req.Items[i] = names.Of(item); !slices.Contains(known, req.Items[i]) {
			return estate.Tenure{}, ErrTenantItem
		}
	}
	slices.Sort(req.Items)
	t := estate.Tenure{ID: models.NewID(), RoomID: room.ID, Role: estate.TenureTenant, FromOn: req.From, ToOn: req.To, CreatedAt: tx.Now,
		Items: models.Items(slices.Compact(req.Items)...)}
	person, added, err := tenantRecord(tx, room, req)
	if err != nil {
		return t, err
	}
	t.OwnerID = person.ID
	if err := validateTenancy(tx, t); err != nil {
		return t, err
	}
	if added {
		if err := estate.InsertOwners(tx, []estate.Owner{person}); err != nil {
			return t, err
		}
	}
	if err := estate.InsertTenures(tx, []estate.Tenure{t}); err != nil {
		return t, err
	}
	if err := bindTenant(tx, by, req.Phone, t); err != nil {
		return t, err
	}
	return t, office.Audit(tx, by, "tenant.added", "room", room.ID, map[string]any{
		"tenure": t.ID, "from": t.FromOn, "to": t.ToOn, "items": t.Items.Names(),
	})
}

// tenantRecord finds the person by name and phone number, or returns a new
// record.
func tenantRecord(tx *store.Tx, room estate.Room, req TenantRequest) (person estate.Owner, added bool, err error) {
	known, err := estate.OwnersByPhone(tx, room.CommunityID, []string{estate.PhoneIndex(tx, req.Phone)})
	if err != nil {
		return person, false, err
	}
	for _, o := range known {
		if models.PersonKey(o.Name) == models.PersonKey(req.Name) {
			return o, false, nil
		}
	}
	return estate.NewOwner(tx, room.CommunityID, req.Name, req.Phone), true, nil
}

// validateTenancy refuses a tenancy that conflicts with another tenure of the
// room.
func validateTenancy(tx *store.Tx, t estate.Tenure) error {
	list, err := estate.TenuresOfRoom(tx, t.RoomID)
	if err != nil {
		return err
	}
	for _, have := range list {
		overlap := openEnded(have).Overlaps(openEnded(t))
		switch {
		case have.Role == estate.TenureOwner && have.OwnerID == t.OwnerID && overlap:
			return ErrTenantOwner
		case have.Role == estate.TenureOwner:
		case have.OwnerID == t.OwnerID && have.FromOn == t.FromOn:
			return ErrTenantClash
		case overlap && commonItem(have.Items, t.Items):
			return ErrTenantClash
		}
	}
	return nil
}

// openEnded returns the days of a tenure; one without an end lasts for ever.
func openEnded(t estate.Tenure) calc.Days {
	if t.ToOn.IsZero() {
		return calc.Days{From: t.FromOn, To: calc.Forever}
	}
	return calc.Days{From: t.FromOn, To: t.ToOn}
}

// commonItem reports whether two lists of fee items overlap. An empty list is
// all items.
func commonItem(a, b models.ItemList) bool {
	if a == "" || b == "" {
		return true
	}
	return slices.ContainsFunc(a.Names(), b.Has)
}

// bindTenant binds the room for users whose phone number WeChat has verified. A
// user who sees the room already, for example as its owner, keeps that binding.
func bindTenant(tx *store.Tx, by models.Actor, phone string, t estate.Tenure) error {
	if t.FromOn > tx.Today() {
		return nil
	}
	users, err := estate.UsersOfPhone(tx, phone)
	if err != nil {
		return err
	}
	for _, u := range users {
		bound, err := estate.IsBound(tx, u, t.RoomID)
		if err != nil {
			return err
		}
		if bound {
			continue
		}
		if err := estate.BindTenure(tx, by, u, t.RoomID, estate.RoleTenant, "phone", t); err != nil {
			return err
		}
	}
	return nil
}

// EndTenant ends a tenancy on its last day. The tenant still sees and pays
// bills whose period began within it.
func EndTenant(ctx context.Context, db *store.DB, by models.Actor, roomID, tenureID string, last models.Date) error {
	return db.Write(ctx, func(tx *store.Tx) error {
		list, err := estate.TenuresOfRoom(tx, roomID)
		if err != nil {
			return err
		}
		for _, t := range list {
			if t.ID != tenureID || t.Role != estate.TenureTenant {
				continue
			}
			if last < t.FromOn || !t.ToOn.IsZero() && t.ToOn <= last {
				return ErrTenantEnded
			}
			if err := models.LastDay.Check(last, tx.Today()); err != nil {
				return err
			}
			if err := estate.EndTenure(tx, t, last); err != nil {
				return err
			}
			return office.Audit(tx, by, "tenant.ended", "room", roomID, map[string]any{"tenure": t.ID, "to": last})
		}
		return models.ErrNotFound
	})
}

// Tenancy is a tenure of a tenant, with the person.
type Tenancy struct {
	estate.Tenure
	Person estate.Owner
}

// Tenancies returns the tenancies of a room, latest first.
func Tenancies(tx *store.Tx, roomID string) ([]Tenancy, error) {
	list, err := estate.TenuresOfRoom(tx, roomID)
	if err != nil {
		return nil, err
	}
	var out []Tenancy
	var ids []string
	for _, t := range list {
		if t.Role == estate.TenureTenant {
			out, ids = append(out, Tenancy{Tenure: t}), append(ids, t.OwnerID)
		}
	}
	people, err := estate.OwnersByID(tx, ids)
	for i := range out {
		out[i].Person = people[out[i].OwnerID]
	}
	return out, err
}
