package reconciliation

import (
	"errors"
	"strings"

	"wuyepay/console/ui"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/office"
	"wuyepay/models/proof"
	"wuyepay/payment/reconcile"
)

// findingPage is the page of one difference: the evidence of each side, what may be done
// about it, and what has been.
type findingPage struct {
	agedFinding
	Evidence    reconcile.FindingSides
	May         reconcile.FindingActions
	Decide      bool // may approve what another person asked for
	Withdraw    bool
	AskedRoom   estate.Room
	Booking     *proof.FindingBooking
	BookedRoom  estate.Room
	Communities []ui.Option
	History     []office.AuditEntry
}

// Finding shows one difference.
func Finding(c *ui.Call) error {
	f, err := proof.FindingByID(c.View, c.R.PathValue("id"))
	if err != nil {
		return err
	}
	aged, err := aged(c, []proof.Finding{f})
	if err != nil {
		return err
	}
	v := findingPage{agedFinding: aged[0], Evidence: reconcile.ReadEvidence(f.Evidence)}
	if c.Can(office.PermReconcileRun) {
		v.May = reconcile.ActionsFor(&f)
		v.Withdraw = f.Resolution == proof.ResolutionOpen && f.AskedAction != ""
		v.Decide = v.Withdraw && f.AskedID != c.Staff.ID
	}
	if v.Communities, err = c.CommunityOptions(); err != nil {
		return err
	}
	if v.AskedRoom, err = roomOrNone(c, f.AskedRoomID); err != nil {
		return err
	}
	b, err := proof.BookingOfFinding(c.View, f.ID)
	if err == nil {
		v.Booking = &b
		if v.BookedRoom, err = roomOrNone(c, b.RoomID+b.ToRoomID); err != nil {
			return err
		}
	} else if !errors.Is(err, models.ErrNotFound) {
		return err
	}
	if v.History, err = office.AuditEntries(c.View, office.AuditFilter{Subject: "finding", SubjectID: f.ID,
		Limit: ui.MaxMoments}); err != nil {
		return err
	}
	return c.Render("reconciliation/finding_page", "对账差异", v)
}

// roomOrNone returns the room of an id, or an empty one without an id.
func roomOrNone(c *ui.Call, id string) (estate.Room, error) {
	if id == "" {
		return estate.Room{}, nil
	}
	return estate.RoomByID(c.View, id)
}

// WorkFinding does what the form says about a difference. Its page shows what came of it.
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
		return "finding_settled", reconcile.SettleFinding(ctx, c.Pay, by, id)
	case "accept":
		return "finding_accepted", reconcile.AcceptFinding(ctx, c.Pay, by, id, reason)
	case proof.AskSuspense:
		return "finding_asked", reconcile.AskFinding(ctx, c.Pay, by, id, proof.AskSuspense, "", reason)
	case proof.AskSurplus:
		room, err := postedRoom(c)
		if err != nil {
			return "", err
		}
		return "finding_asked", reconcile.AskFinding(ctx, c.Pay, by, id, proof.AskSurplus, room.ID, reason)
	case "approve":
		return "finding_booked", reconcile.DecideFinding(ctx, c.Pay, by, id, true)
	case "refuse":
		return "finding_refused", reconcile.DecideFinding(ctx, c.Pay, by, id, false)
	}
	return "", ui.ErrBadForm
}

// postedRoom returns the room that a form names by community and code.
func postedRoom(c *ui.Call) (estate.Room, error) {
	r, err := estate.RoomByCode(c.View, c.Field("community"), strings.TrimSpace(c.Field("room")))
	if errors.Is(err, models.ErrNotFound) {
		err = reconcile.ErrFindingRoom
	}
	return r, err
}
