package arrears

import (
	"strings"

	"wuyepay/console/ui"
	"wuyepay/console/words"
	"wuyepay/models"
)

// bandCodes are the bands as addresses name them.
var bandCodes = []struct {
	code string
	band models.Band
}{{"due", models.BandDue}, {"30", models.Band30}, {"90", models.Band90}, {"180", models.Band180}, {"365", models.Band365}, {"over", models.BandOver}, {"future", models.BandNotDue}}

var ledgerSorts = []ui.Option{{Value: models.LedgerByRoom, Text: "按房号"}, {Value: models.LedgerByOwed, Text: "按欠费本金，多的在前"}, {Value: models.LedgerByOldest, Text: "按最早应缴日，早的在前"}}

// ledgerForm is what the filters of 欠费台账 show.
type ledgerForm struct {
	Community, Building, Steward, Query, Item, Band, Sort string
	Communities                                           []models.Community
	Bands                                                 []ui.Option
	Sorts                                                 []ui.Option
	OwnRooms                                              bool // a steward sees their own rooms: no choice of steward
}

// ledgerFilter reads the filters from the address.
func ledgerFilter(c *ui.Call) (models.LedgerFilter, ledgerForm, error) {
	q := c.R.URL.Query()
	form := ledgerForm{Community: q.Get("community"), Building: strings.TrimSpace(q.Get("building")), Steward: strings.TrimSpace(q.Get("steward")),
		Query: strings.TrimSpace(q.Get("q")), Item: strings.TrimSpace(q.Get("item")), Band: q.Get("band"), Sort: q.Get("sort"), Sorts: ledgerSorts,
		OwnRooms: c.Staff.Role == models.RoleSteward}
	f := models.LedgerFilter{Scope: c.Scope(), CommunityID: form.Community, Building: form.Building, Steward: form.Steward, Text: form.Query, Item: form.Item, Sort: form.Sort}
	if _, err := c.QueryOption("sort", ledgerSorts); err != nil {
		return f, form, err
	}
	for _, b := range bandCodes {
		form.Bands = append(form.Bands, ui.Option{Value: b.code, Text: words.Bands[b.band]})
		if b.code == form.Band {
			f.Band = b.band
		}
	}
	if form.Band != "" && f.Band == models.BandAll {
		return f, form, ui.ErrBadQuery
	}
	var err error
	form.Communities, err = c.View.Communities("", 200)
	return f, form, err
}
