package reconciliation

import (
	"errors"
	"strings"

	"wuyepay/console/ui"
	"wuyepay/models"
	"wuyepay/payment"
)

// findingPage is a difference with the evidence of each side, what may be done about
// it, and what has been.
type findingPage struct {
	agedFinding
	Evidence    payment.Evidence
	May         payment.FindingActions
	Decide      bool // may approve what another person asked for
	Withdraw    bool
	AskedRoom   models.Room
	Booking     *models.FindingBooking
	BookedRoom  models.Room
	Communities []ui.Option
	History     []models.AuditEntry
}

func Finding(c *ui.Call) error {
	f, err := c.View.FindingByID(c.R.PathValue("id"))
	if err != nil {
		return err
	}
	aged, err := aged(c, []models.Finding{f})
	if err != nil {
		return err
	}
	v := findingPage{agedFinding: aged[0], Evidence: payment.ReadEvidence(f.Evidence)}
	if c.Can(ui.PermReconcileRun) {
		v.May = payment.ActionsFor(&f)
		v.Withdraw = f.Resolution == models.ResolutionOpen && f.AskedAction != ""
		v.Decide = v.Withdraw && f.AskedID != c.Staff.ID
	}
	if v.Communities, err = c.CommunityChoices(); err != nil {
		return err
	}
	if v.AskedRoom, err = roomOrNone(c, f.AskedRoomID); err != nil {
		return err
	}
	b, err := c.View.BookingOfFinding(f.ID)
	if err == nil {
		v.Booking = &b
		if v.BookedRoom, err = roomOrNone(c, b.RoomID+b.ToRoomID); err != nil {
			return err
		}
	} else if !errors.Is(err, models.ErrNotFound) {
		return err
	}
	if v.History, err = c.View.AuditEntries(models.AuditFilter{Subject: "finding", SubjectID: f.ID, Limit: ui.MaxMoments}); err != nil {
		return err
	}
	return c.Render("reconciliation/finding_page", "对账差异", v)
}

// roomOrNone finds a room; without an id it is empty.
func roomOrNone(c *ui.Call, id string) (models.Room, error) {
	if id == "" {
		return models.Room{}, nil
	}
	return c.View.RoomByID(id)
}

// WorkFinding does what was chosen about a finding, and says what came of it on its
// page.
func WorkFinding(c *ui.Call) error {
	if err := c.Form(); err != nil {
		return err
	}
	id := c.R.PathValue("id")
	said, err := doFinding(c, id)
	if e, ok := models.AsError(err); ok && !errors.Is(err, models.ErrNotFound) {
		said, err = e.Code, nil
	}
	if err != nil {
		return err
	}
	c.Say(said)
	return c.Redirect("/staff/findings/" + id)
}

func doFinding(c *ui.Call, id string) (said string, err error) {
	ctx, by, reason := c.R.Context(), c.Staff.Actor(), c.Field("reason")
	switch c.Field("do") {
	case "settle":
		return "finding_settled", c.Pay.SettleFinding(ctx, by, id)
	case "accept":
		return "finding_accepted", c.Pay.AcceptFinding(ctx, by, id, reason)
	case models.AskSuspense:
		return "finding_asked", c.Pay.AskFinding(ctx, by, id, models.AskSuspense, "", reason)
	case models.AskSurplus:
		room, err := postedRoom(c)
		if err != nil {
			return "", err
		}
		return "finding_asked", c.Pay.AskFinding(ctx, by, id, models.AskSurplus, room.ID, reason)
	case "approve":
		return "finding_booked", c.Pay.DecideFinding(ctx, by, id, true)
	case "refuse":
		return "finding_refused", c.Pay.DecideFinding(ctx, by, id, false)
	}
	return "", ui.ErrBadForm
}

// postedRoom finds the room that a form names by community and code.
func postedRoom(c *ui.Call) (models.Room, error) {
	r, err := c.View.RoomByCode(c.Field("community"), strings.TrimSpace(c.Field("room")))
	if errors.Is(err, models.ErrNotFound) {
		err = payment.ErrFindingRoom
	}
	return r, err
}
