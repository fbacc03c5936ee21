package arrears

import (
	"strings"

	"wuyepay/console/ui"
	"wuyepay/console/words"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/office"
)

// bandCodes are the bands as addresses name them.
var bandCodes = []struct {
	code string
	band fees.AgingBucket
}{
	{"due", fees.BandDue}, {"30", fees.Band30}, {"90", fees.Band90}, {"180", fees.Band180},
	{"365", fees.Band365}, {"over", fees.BandOver}, {"future", fees.BandNotDue},
}

// ledgerSorts are the orders of the ledger.
var ledgerSorts = []ui.Option{
	{Value: fees.LedgerByRoom, Text: "按房号"},
	{Value: fees.LedgerByOwed, Text: "按欠费本金，多的在前"},
	{Value: fees.LedgerByOldest, Text: "按最早应缴日，早的在前"},
}

// ledgerForm is the form of the filters of 欠费台账.
type ledgerForm struct {
	Community, Building, Steward, Query, Item, Band, Sort string
	Communities                                           []estate.Community
	Bands                                                 []ui.Option
	Sorts                                                 []ui.Option
	OwnRooms                                              bool // a steward sees their own rooms: no choice of steward
}

// ledgerFilter returns the filters that the query names.
func ledgerFilter(c *ui.Call) (fees.LedgerFilter, ledgerForm, error) {
	q := c.R.URL.Query()
	form := ledgerForm{Community: q.Get("community"), Building: strings.TrimSpace(q.Get("building")),
		Steward: strings.TrimSpace(q.Get("steward")), Query: strings.TrimSpace(q.Get("q")), Item: strings.TrimSpace(q.Get("item")),
		Band: q.Get("band"), Sort: q.Get("sort"), Sorts: ledgerSorts, OwnRooms: c.Staff.Role == office.RoleSteward}
	f := fees.LedgerFilter{Scope: c.Scope(), CommunityID: form.Community, Building: form.Building, Steward: form.Steward,
		Text: form.Query, Item: form.Item, Sort: form.Sort}
	if _, err := c.QueryOption("sort", ledgerSorts); err != nil {
		return f, form, err
	}
	for _, b := range bandCodes {
		form.Bands = append(form.Bands, ui.Option{Value: b.code, Text: words.Bands[b.band]})
		if b.code == form.Band {
			f.Band = b.band
		}
	}
	if form.Band != "" && f.Band == fees.BandAll {
		return f, form, ui.ErrBadQuery
	}
	var err error
	form.Communities, err = estate.Communities(c.View, "", 200)
	return f, form, err
}
