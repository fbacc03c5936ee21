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
	ErrTenantDates = models.Refusal(models.KindUnprocessable, "TENANT_DATES", "租期的开始日必填，结束日不能早于开始日")
	ErrTenantOwner = models.Refusal(models.KindUnprocessable, "TENANT_IS_OWNER", "此人是房屋的现业主，不需要登记为租户")
	ErrTenantItem  = models.Refusal(models.KindUnprocessable, "TENANT_ITEM", "费项不在这套房屋的收费项目中")
	ErrTenantClash = models.Refusal(models.KindConflict, "TENANT_CLASH", "所选费项在这段时间已约定由租户缴纳，请先结束原来的租赁")
	ErrTenantEnded = models.Refusal(models.KindConflict, "TENANT_ENDED", "该租赁已经结束，或结束日早于开始日")
)

// TenantRequest registers a tenant 租户 who pays by agreement with the owner.
type TenantRequest struct {
	RoomID string
	Name   string
	Phone  string // digits; by it the tenant binds the room
	From   models.Date
	To     models.Date // none: until further notice
	Items  []string    // what the tenant pays; none: everything
}

// AddTenant registers a tenant. The owner stays liable, and sees all bills as
// before; the tenant sees and pays those of the agreed items whose period begins
// in the tenancy, and is reminded of them first. Two tenants never pay the same
// item for the same days.
func AddTenant(ctx context.Context, db *store.DB, by models.Actor, req TenantRequest) (estate.Tenure, error) {
	var tenure estate.Tenure
	req.Name = personName(req.Name)
	if err := checkOwnerName(req.Name); err != nil {
		return tenure, err
	}
	if !sheet.IsPhone(req.Phone) {
		return tenure, ErrOwnerPhone
	}
	if req.From.IsZero() || !req.To.IsZero() && req.To < req.From {
		return tenure, ErrTenantDates
	}
	err := db.Write(ctx, func(tx *store.Tx) (err error) {
		tenure, err = addTenant(tx, by, req)
		return err
	})
	return tenure, err
}

func addTenant(tx *store.Tx, by models.Actor, req TenantRequest) (estate.Tenure, error) {
	room, err := estate.RoomByID(tx, req.RoomID)
	if err != nil {
		return estate.Tenure{}, err
	}
	// One at a time, or two could be registered for the same item.
	if err := estate.LockCommunity(tx, room.CommunityID); err != nil {
		return estate.Tenure{}, err
	}
	known, err := PrepayItems(tx, room)
	if err != nil {
		return estate.Tenure{}, err
	}
	slices.Sort(req.Items)
	for _, item := range req.Items {
		if !slices.Contains(known, item) {
			return estate.Tenure{}, ErrTenantItem
		}
	}
	t := estate.Tenure{ID: models.NewID(), RoomID: room.ID, Role: estate.TenureTenant, FromOn: req.From, ToOn: req.To, CreatedAt: tx.Now,
		Items: models.Items(slices.Compact(req.Items)...)}
	person, added, err := tenantRecord(tx, room, req)
	if err != nil {
		return t, err
	}
	t.OwnerID = person.ID
	if err := tenantFits(tx, t); err != nil {
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

// tenantRecord finds the person by name and phone, or makes a record of them.
func tenantRecord(tx *store.Tx, room estate.Room, req TenantRequest) (person estate.Owner, added bool, err error) {
	known, err := estate.OwnersByPhone(tx, room.CommunityID, []string{estate.PhoneIndex(tx, req.Phone)})
	if err != nil {
		return person, false, err
	}
	for _, o := range known {
		if o.Name == req.Name {
			return o, false, nil
		}
	}
	return estate.NewOwner(tx, room.CommunityID, req.Name, req.Phone), true, nil
}

// tenantFits refuses a tenancy that another one of the room stands against.
func tenantFits(tx *store.Tx, t estate.Tenure) error {
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

func openEnded(t estate.Tenure) calc.Days {
	if t.ToOn.IsZero() {
		return calc.Days{From: t.FromOn, To: calc.Forever}
	}
	return calc.Days{From: t.FromOn, To: t.ToOn}
}

func commonItem(a, b models.ItemList) bool {
	if a == "" || b == "" {
		return true
	}
	return slices.ContainsFunc(a.Names(), b.Has)
}

// bindTenant lets phones see their part at once that WeChat has vouched for. Who
// sees the room already, as its owner say, goes on as before.
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

// EndTenant ends a tenancy on its last day. What began in it is still the tenant's
// to see and to pay.
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
			if err := estate.EndTenure(tx, t, last); err != nil {
				return err
			}
			return office.Audit(tx, by, "tenant.ended", "room", roomID, map[string]any{"tenure": t.ID, "to": last})
		}
		return models.ErrNotFound
	})
}

// Tenancy is a tenancy with who has it.
type Tenancy struct {
	estate.Tenure
	Person estate.Owner
}

// Tenancies gives the tenancies of a room, the latest first.
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
