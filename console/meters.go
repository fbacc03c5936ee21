package console

import (
	"net/url"
	"strings"

	"wuyepay/billing"
	"wuyepay/models"
)

// meterPlaces is 抄表: where there are meters to read.
type meterPlaces struct {
	On     models.Date
	Places []models.MeterPlace
}

func (c *call) meterPlaces() error {
	places, err := c.view.MeterPlaces(c.scope())
	if err != nil {
		return err
	}
	return c.render("meters", "抄表", meterPlaces{On: c.view.Today(), Places: places})
}

// meterSheet is the form for the meters of a building on a day.
type meterSheet struct {
	CommunityID, Building, Item string
	On                          models.Date
	Lines                       []sheetLine
	Checked                     bool // what was typed has been looked at
	Odd                         bool // some of it has to be confirmed
	Refused                     bool
	Error                       string
}

// sheetLine is a meter with what was typed for it, and what came of that.
type sheetLine struct {
	billing.SheetLine
	Value             string
	Rolled, Estimated bool
	Check             *billing.ReadingCheck
	Refusal           string
}

var errPlace = models.Refusal(models.KindNotFound, "METER_PLACE", "没有这个抄表范围")

// sheetRequest reads the place and the day, from the query or the form.
func (c *call) sheetRequest(get func(string) string) (billing.SheetRequest, error) {
	req := billing.SheetRequest{Scope: c.scope(), CommunityID: get("community"), Building: get("building"), Item: get("item"), On: c.view.Today()}
	if text := get("on"); text != "" {
		on, err := models.ParseDate(text)
		if err != nil {
			return req, errBadQuery
		}
		req.On = on
	}
	if req.CommunityID == "" || req.Item == "" {
		return req, errPlace
	}
	return req, nil
}

func (c *call) sheetOf(req billing.SheetRequest) (meterSheet, error) {
	s := meterSheet{CommunityID: req.CommunityID, Building: req.Building, Item: req.Item, On: req.On}
	lines, err := billing.MeterSheet(c.view, req)
	if err == nil && len(lines) == 0 {
		err = errPlace
	}
	for _, l := range lines {
		s.Lines = append(s.Lines, sheetLine{SheetLine: l})
	}
	return s, err
}

func (c *call) meterSheet() error {
	req, err := c.sheetRequest(c.r.URL.Query().Get)
	if err != nil {
		return err
	}
	s, err := c.sheetOf(req)
	if err != nil {
		return err
	}
	return c.render("metersheet", "抄表", s)
}

// enterReadings looks at what was typed; saves it when that is asked for and nothing
// stands against it.
func (c *call) enterReadings() error {
	if err := c.form(); err != nil {
		return err
	}
	req, err := c.sheetRequest(c.field)
	if err != nil {
		return err
	}
	s, err := c.sheetOf(req)
	if err != nil {
		return err
	}
	typed, at := c.typedReadings(&s)
	var checks []billing.ReadingCheck
	if !s.Refused && c.field("do") == "save" {
		err = c.DB.Write(c.r.Context(), func(tx *models.Tx) (err error) {
			checks, err = billing.EnterReadings(tx, c.staff.Actor(), req, typed, c.field("confirmed") != "")
			return err
		})
		if err == nil {
			c.say("readings_kept")
			return c.redirect("/staff/meters/sheet?" + url.Values{"community": {req.CommunityID}, "building": {req.Building}, "item": {req.Item}, "on": {req.On.String()}}.Encode())
		}
	} else {
		checks, err = billing.CheckReadings(c.view, req, typed)
	}
	s.show(checks, at)
	status := 200
	if e, ok := models.AsError(err); ok {
		s.Error, status = e.Message, statusOf(e.Kind)
	} else if err != nil {
		return err
	}
	if s.Refused && status == 200 {
		s.Error, status = billing.ErrReadings.Message, statusOf(billing.ErrReadings.Kind)
	}
	return c.renderAs(status, "metersheet", "抄表", s)
}

// typedReadings reads the fields of the sheet's meters; at tells to which line each
// belongs. What is no figure is marked on its line.
func (c *call) typedReadings(s *meterSheet) (typed []billing.TypedReading, at []int) {
	for i := range s.Lines {
		l := &s.Lines[i]
		id := l.Meter.ID
		l.Value, l.Rolled, l.Estimated = strings.TrimSpace(c.field("value."+id)), c.field("rolled."+id) != "", c.field("estimated."+id) != ""
		if l.Value == "" {
			continue
		}
		value, err := billing.ParseReading(l.Value)
		if err != nil {
			l.Refusal, s.Refused = billing.ErrReadFigure.Message, true
			continue
		}
		typed, at = append(typed, billing.TypedReading{MeterID: id, Value: value, Rolled: l.Rolled, Estimated: l.Estimated}), append(at, i)
	}
	return typed, at
}

func (s *meterSheet) show(checks []billing.ReadingCheck, at []int) {
	s.Checked = len(checks) > 0
	for i := range checks {
		l := &s.Lines[at[i]]
		l.Check = &checks[i]
		s.Odd = s.Odd || checks[i].Oddity != ""
		if checks[i].Refusal != nil {
			l.Refusal, s.Refused = checks[i].Refusal.Message, true
		}
	}
}

var readOddWords = map[string]string{
	billing.ReadTriple: "达到平时的 3 倍以上，请核对", billing.ReadFar: "与平时相差较大，请核对", billing.ReadCredit: "低于上次估抄，多计的部分留待抵扣",
}
