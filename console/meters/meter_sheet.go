package meters

import (
	"net/url"
	"strings"

	"wuyepay/billing/metering"
	"wuyepay/console/ui"
	"wuyepay/models"
	"wuyepay/models/store"
)

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

// sheetLine is a meter, what was typed for it, and what is to be said about that.
type sheetLine struct {
	metering.SheetLine
	Value             string
	Rolled, Estimated bool
	Check             *metering.ReadingCheck
	Refusal           string
}

var errPlace = models.Refusal(models.KindNotFound, "METER_PLACE", "没有这个抄表范围")

// sheetRequest returns the place and the day that the query or the form names.
func sheetRequest(c *ui.Call, get func(string) string) (metering.SheetRequest, error) {
	req := metering.SheetRequest{Scope: c.Scope(), CommunityID: get("community"), Building: get("building"), Item: get("item"),
		On: c.View.Today()}
	if text := get("on"); text != "" {
		on, err := models.ParseDate(text)
		if err != nil {
			return req, ui.ErrBadQuery
		}
		req.On = on
	}
	if req.CommunityID == "" || req.Item == "" {
		return req, errPlace
	}
	return req, nil
}

func sheetOf(c *ui.Call, req metering.SheetRequest) (meterSheet, error) {
	s := meterSheet{CommunityID: req.CommunityID, Building: req.Building, Item: req.Item, On: req.On}
	lines, err := metering.MeterSheet(c.View, req)
	if err == nil && len(lines) == 0 {
		err = errPlace
	}
	for _, l := range lines {
		s.Lines = append(s.Lines, sheetLine{SheetLine: l})
	}
	return s, err
}

// Sheet shows the form for the meters of a building.
func Sheet(c *ui.Call) error {
	req, err := sheetRequest(c, c.R.URL.Query().Get)
	if err != nil {
		return err
	}
	s, err := sheetOf(c, req)
	if err != nil {
		return err
	}
	return c.Render("meters/meter_sheet", "抄表", s)
}

// EnterReadings checks what was typed. It saves the readings if the form asks for that and
// none is refused.
func EnterReadings(c *ui.Call) error {
	if err := c.Form(); err != nil {
		return err
	}
	req, err := sheetRequest(c, c.Field)
	if err != nil {
		return err
	}
	s, err := sheetOf(c, req)
	if err != nil {
		return err
	}
	typed, at := typedReadings(c, &s)
	var checks []metering.ReadingCheck
	if !s.Refused && c.Field("do") == "save" {
		err = c.DB.Write(c.R.Context(), func(tx *store.Tx) (err error) {
			checks, err = metering.EnterReadings(tx, c.Staff.Actor(), req, typed, c.Field("confirmed") != "")
			return err
		})
		if err == nil {
			c.Say("readings_kept")
			return c.Redirect("/staff/meters/sheet?" + url.Values{"community": {req.CommunityID}, "building": {req.Building},
				"item": {req.Item}, "on": {req.On.String()}}.Encode())
		}
	} else {
		checks, err = metering.CheckReadings(c.View, req, typed)
	}
	s.show(checks, at)
	status := 200
	if e, ok := models.AsError(err); ok {
		s.Error, status = e.Message, ui.StatusOf(e.Kind)
	} else if err != nil {
		return err
	}
	if s.Refused && status == 200 {
		s.Error, status = metering.ErrReadingsRefused.Message, ui.StatusOf(metering.ErrReadingsRefused.Kind)
	}
	return c.RenderAs(status, "meters/meter_sheet", "抄表", s)
}

// typedReadings returns the readings of the form; at has the line of each. It marks lines
// with what is no number.
func typedReadings(c *ui.Call, s *meterSheet) (typed []metering.TypedReading, at []int) {
	for i := range s.Lines {
		l := &s.Lines[i]
		id := l.Meter.ID
		l.Value, l.Rolled, l.Estimated = strings.TrimSpace(c.Field("value."+id)), c.Field("rolled."+id) != "",
			c.Field("estimated."+id) != ""
		if l.Value == "" {
			continue
		}
		value, err := metering.ParseReading(l.Value)
		if err != nil {
			l.Refusal, s.Refused = metering.ErrReadFigure.Message, true
			continue
		}
		typed, at = append(typed, metering.TypedReading{MeterID: id, Value: value, Rolled: l.Rolled, Estimated: l.Estimated}), append(at, i)
	}
	return typed, at
}

func (s *meterSheet) show(checks []metering.ReadingCheck, at []int) {
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

// readOddWords are what is odd about a reading.
var readOddWords = map[string]string{
	metering.ReadTriple: "达到平时的 3 倍以上，请核对", metering.ReadFar: "与平时相差较大，请核对", metering.ReadCredit: "低于上次估抄，多计的部分留待抵扣",
}
