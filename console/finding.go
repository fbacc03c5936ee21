package console

import (
	"errors"
	"strings"

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
	Communities []choice
	History     []models.AuditEntry
}

func (c *call) finding() error {
	f, err := c.view.FindingByID(c.r.PathValue("id"))
	if err != nil {
		return err
	}
	aged, err := c.aged([]models.Finding{f})
	if err != nil {
		return err
	}
	v := findingPage{agedFinding: aged[0], Evidence: payment.ReadEvidence(f.Evidence)}
	if c.can(permReconcileRun) {
		v.May = payment.ActionsFor(&f)
		v.Withdraw = f.Resolution == models.ResolutionOpen && f.AskedAction != ""
		v.Decide = v.Withdraw && f.AskedID != c.staff.ID
	}
	if v.Communities, err = c.communityChoices(); err != nil {
		return err
	}
	if v.AskedRoom, err = c.roomOrNone(f.AskedRoomID); err != nil {
		return err
	}
	b, err := c.view.BookingOfFinding(f.ID)
	if err == nil {
		v.Booking = &b
		if v.BookedRoom, err = c.roomOrNone(b.RoomID + b.ToRoomID); err != nil {
			return err
		}
	} else if !errors.Is(err, models.ErrNotFound) {
		return err
	}
	if v.History, err = c.view.AuditEntries(models.AuditFilter{Subject: "finding", SubjectID: f.ID, Limit: maxMoments}); err != nil {
		return err
	}
	return c.render("finding", "对账差异", v)
}

// roomOrNone finds a room; without an id it is empty.
func (c *call) roomOrNone(id string) (models.Room, error) {
	if id == "" {
		return models.Room{}, nil
	}
	return c.view.RoomByID(id)
}

// workFinding does what was chosen about a finding, and says what came of it on its
// page.
func (c *call) workFinding() error {
	if err := c.form(); err != nil {
		return err
	}
	id := c.r.PathValue("id")
	said, err := c.doFinding(id)
	if e, ok := models.AsError(err); ok && !errors.Is(err, models.ErrNotFound) {
		said, err = e.Code, nil
	}
	if err != nil {
		return err
	}
	c.say(said)
	return c.redirect("/staff/findings/" + id)
}

func (c *call) doFinding(id string) (said string, err error) {
	ctx, by, reason := c.r.Context(), c.staff.Actor(), c.field("reason")
	switch c.field("do") {
	case "settle":
		return "finding_settled", c.Pay.SettleFinding(ctx, by, id)
	case "accept":
		return "finding_accepted", c.Pay.AcceptFinding(ctx, by, id, reason)
	case models.AskSuspense:
		return "finding_asked", c.Pay.AskFinding(ctx, by, id, models.AskSuspense, "", reason)
	case models.AskSurplus:
		room, err := c.postedRoom()
		if err != nil {
			return "", err
		}
		return "finding_asked", c.Pay.AskFinding(ctx, by, id, models.AskSurplus, room.ID, reason)
	case "approve":
		return "finding_booked", c.Pay.DecideFinding(ctx, by, id, true)
	case "refuse":
		return "finding_refused", c.Pay.DecideFinding(ctx, by, id, false)
	}
	return "", errBadForm
}

// postedRoom finds the room that a form names by community and code.
func (c *call) postedRoom() (models.Room, error) {
	r, err := c.view.RoomByCode(c.field("community"), strings.TrimSpace(c.field("room")))
	if errors.Is(err, models.ErrNotFound) {
		err = payment.ErrFindingRoom
	}
	return r, err
}
