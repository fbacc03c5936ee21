package charging

import (
	"context"
	"strings"

	"github.com/shopspring/decimal"

	"wuyepay/billing/issuing"
	"wuyepay/console/ui"
	"wuyepay/console/words"
	"wuyepay/models"
	"wuyepay/models/fees"
)

// chargeForm is the form of a charge, with its plan once that has been asked for.
type chargeForm struct {
	issuing.ChargeRequest
	Amount      string
	Codes       string
	Communities []ui.Option
	Plan        *issuing.ChargePreview
	Refused     string // why the plan cannot be done
	Error       string
}

// Shared reports whether the charge is a 公摊.
func (f chargeForm) Shared() bool { return f.Kind == fees.ChargeShared }

// NewChargePage shows the empty form of a charge.
func NewChargePage(c *ui.Call) error {
	kind, err := chargeKind(c)
	if err != nil {
		return err
	}
	return showCharge(c, 200, chargeForm{ChargeRequest: issuing.ChargeRequest{Kind: kind, ShareBy: fees.ShareByArea,
		Scope: issuing.ScopeAll}})
}

func showCharge(c *ui.Call, status int, f chargeForm) (err error) {
	if f.Communities, err = c.CommunityOptions(); err != nil {
		return err
	}
	return c.RenderAs(status, "charging/charge_form", "新增"+words.Of(chargeWords, f.Kind), f)
}

// readLevy reads the posted form. Package billing checks what it says.
func readLevy(c *ui.Call) (f chargeForm, err error) {
	text := func(name string) string { return strings.TrimSpace(c.Field(name)) }
	f.Kind = text("kind")
	if f.Kind != fees.ChargeOneOff {
		f.Kind = fees.ChargeShared
	}
	f.CommunityID, f.Item, f.Reason, f.ShareBy, f.Scope = text("community"), text("item"), text("reason"), text("share_by"), text("scope")
	f.Building, f.Unit, f.OccupiedOnly = text("building"), text("unit"), text("occupied_only") != ""
	f.Amount, f.Codes = text("amount"), text("rooms")
	f.RoomCodes = strings.FieldsFunc(f.Codes, func(r rune) bool { return strings.ContainsRune("\r\n\t ,;，；、", r) })
	for name, to := range map[string]*models.Date{"from": &f.From, "to": &f.To, "due_on": &f.DueOn} {
		if text(name) == "" {
			continue
		}
		if *to, err = models.ParseDate(text(name)); err != nil {
			return f, issuing.ErrChargeDates
		}
	}
	amount, err := decimal.NewFromString(models.HalfWidth(f.Amount))
	if err != nil || len(f.Amount) > 20 || !amount.Equal(amount.Truncate(2)) {
		return f, issuing.ErrChargeAmount
	}
	f.AmountFen, err = models.RoundFen(amount)
	return f, err
}

// AddCharge shows what a charge comes to. With the fingerprint of what was shown it makes
// the charge.
func AddCharge(c *ui.Call) error {
	if err := c.Form(); err != nil {
		return err
	}
	f, err := readLevy(c)
	var made fees.Charge
	if err == nil {
		if seen := c.Field("seen"); seen != "" {
			c.LongWork()
			if made, err = issuing.MakeCharge(c.R.Context(), c.DB, c.Staff.Actor(), f.ChargeRequest, seen); err == nil {
				workCharge(c, made.ID)
				c.Say("charged")
				return c.Redirect("/staff/charges/" + made.ID)
			}
			if e, ok := models.AsError(err); ok {
				f.Error = e.Message
				err = nil
			}
		}
	}
	if err == nil {
		var p issuing.ChargePreview
		if p, err = issuing.PreviewCharge(c.R.Context(), c.DB, f.ChargeRequest); err == nil {
			f.Plan = &p
			if e, ok := models.AsError(p.Err()); ok {
				f.Refused = e.Message
			}
			return showCharge(c, 200, f)
		}
	}
	e, ok := models.AsError(err)
	if !ok {
		return err
	}
	f.Error = e.Message
	return showCharge(c, ui.StatusOf(e.Kind), f)
}

// workCharge issues the bills of a charge for a moment. The billing job does the rest.
func workCharge(c *ui.Call, id string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.R.Context()), 4*workWait)
	defer cancel()
	if err := issuing.WorkCharge(ctx, c.DB, id); err != nil {
		c.Log.WarnContext(ctx, "charge not finished beside its page", "charge", id, "request_id", models.RequestID(ctx), "error", err)
	}
}
