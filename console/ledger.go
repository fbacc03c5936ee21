package console

import (
	"strings"

	"wuyepay/billing"
	"wuyepay/billing/sheet"
	"wuyepay/models"
)

// maxLateBills is how many bills the sums page computes late fee for, one by one.
const maxLateBills = 20_000

var bandWords = map[models.Band]string{models.BandNotDue: "未到应缴日", models.Band30: "0–30 天", models.Band90: "31–90 天", models.Band180: "91–180 天",
	models.Band365: "181–365 天", models.BandOver: "365 天以上", models.BandDue: "已到应缴日"}

// bandCodes are the bands as addresses name them.
var bandCodes = []struct {
	code string
	band models.Band
}{{"due", models.BandDue}, {"30", models.Band30}, {"90", models.Band90}, {"180", models.Band180}, {"365", models.Band365}, {"over", models.BandOver}, {"future", models.BandNotDue}}

var ledgerSorts = []choice{{models.LedgerByRoom, "按房号"}, {models.LedgerByOwed, "按欠费本金，多的在前"}, {models.LedgerByOldest, "按最早应缴日，早的在前"}}

// ledgerForm is what the filters of 欠费台账 show.
type ledgerForm struct {
	Community, Building, Steward, Query, Item, Band, Sort string
	Communities                                           []models.Community
	Bands                                                 []choice
	Sorts                                                 []choice
	OwnRooms                                              bool // a steward sees their own rooms: no choice of steward
}

// ledgerList is a page of 欠费台账. Its sums are of this page.
type ledgerList struct {
	Form    ledgerForm
	Rows    []ledgerRow
	Pager   pager
	SumsURL string
	Page    ledgerSums
}

type ledgerRow struct {
	billing.LedgerLine
	OwnerName string
}

type ledgerSums struct{ OwedFen, LateFeeFen, TotalFen models.Fen }

func (s *ledgerSums) add(l billing.LedgerLine) {
	s.OwedFen, s.LateFeeFen, s.TotalFen = s.OwedFen.Plus(l.OwedFen), s.LateFeeFen.Plus(l.LateFeeFen), s.TotalFen.Plus(l.TotalFen)
}

// ledgerFilter reads the filters from the address.
func (c *call) ledgerFilter() (models.LedgerFilter, ledgerForm, error) {
	q := c.r.URL.Query()
	form := ledgerForm{Community: q.Get("community"), Building: strings.TrimSpace(q.Get("building")), Steward: strings.TrimSpace(q.Get("steward")),
		Query: strings.TrimSpace(q.Get("q")), Item: strings.TrimSpace(q.Get("item")), Band: q.Get("band"), Sort: q.Get("sort"), Sorts: ledgerSorts,
		OwnRooms: c.staff.Role == models.RoleSteward}
	f := models.LedgerFilter{Scope: c.scope(), CommunityID: form.Community, Building: form.Building, Steward: form.Steward, Text: form.Query, Item: form.Item, Sort: form.Sort}
	if _, err := c.oneOf("sort", ledgerSorts); err != nil {
		return f, form, err
	}
	for _, b := range bandCodes {
		form.Bands = append(form.Bands, choice{b.code, bandWords[b.band]})
		if b.code == form.Band {
			f.Band = b.band
		}
	}
	if form.Band != "" && f.Band == models.BandAll {
		return f, form, errBadQuery
	}
	var err error
	form.Communities, err = c.view.Communities("", 200)
	return f, form, err
}

func (c *call) ledger() error {
	f, form, err := c.ledgerFilter()
	if err != nil {
		return err
	}
	f.After, f.Limit = c.r.URL.Query().Get("after"), pageSize+1
	out := ledgerList{Form: form, SumsURL: c.with("/staff/arrears/sums", c.r.URL.Query(), "after", "")}
	lines, err := billing.Ledger(c.view, f)
	if err != nil {
		return err
	}
	lines, out.Pager = c.cutRooms(lines)
	for _, l := range lines {
		out.Page.add(l)
		out.Rows = append(out.Rows, ledgerRow{l, c.ownerName(l.Owner.Name)})
	}
	return c.render("ledger", "欠费台账", out)
}

// cutRooms is cut for lines of which a room may have several.
func (c *call) cutRooms(lines []billing.LedgerLine) ([]billing.LedgerLine, pager) {
	_, p := cut(c, []billing.LedgerLine{}, func(billing.LedgerLine) string { return "" })
	rooms := 0
	for i, l := range lines {
		if i > 0 && lines[i-1].ID == l.ID {
			continue
		}
		if rooms++; rooms > pageSize {
			p.Next = c.with(c.r.URL.Path, c.r.URL.Query(), "after", lines[i-1].Cursor())
			return lines[:i], p
		}
	}
	return lines, p
}

// ledgerTotals is the sums page: all that the filters choose, by age band.
type ledgerTotals struct {
	Form  ledgerForm
	Bands []models.BandSum
	All   models.BandSum
	Late  *ledgerSums // nil: too many bills to compute one by one
	Limit int
	Back  string
}

// ledgerSumsPage adds up everything that is chosen. It is a page of its own because
// it reads every bill, which a list need not.
func (c *call) ledgerSumsPage() error {
	f, form, err := c.ledgerFilter()
	if err != nil {
		return err
	}
	c.longWork()
	out := ledgerTotals{Form: form, Limit: maxLateBills, Back: c.with("/staff/arrears", c.r.URL.Query(), "after", "")}
	if out.Bands, err = c.view.BandSums(f); err != nil {
		return err
	}
	for _, b := range out.Bands {
		out.All.Bills += b.Bills
		out.All.OwedFen = out.All.OwedFen.Plus(b.OwedFen)
	}
	if out.All.Bills <= maxLateBills {
		out.Late = &ledgerSums{}
		f.Sort = models.LedgerByRoom
		if err := c.eachLedgerLine(f, func(l billing.LedgerLine) error { out.Late.add(l); return nil }); err != nil {
			return err
		}
	}
	return c.render("ledgersums", "欠费合计", out)
}

// eachLedgerLine reads the ledger to its end.
func (c *call) eachLedgerLine(f models.LedgerFilter, do func(billing.LedgerLine) error) error {
	f.Limit = exportStep
	for {
		lines, err := billing.Ledger(c.view, f)
		if err != nil {
			return err
		}
		for _, l := range lines {
			if err := do(l); err != nil {
				return err
			}
		}
		if len(lines) == 0 {
			return nil
		}
		f.After = lines[len(lines)-1].Cursor()
	}
}

// exportLedger sends what is chosen in the order of the rooms: a table is sorted by
// whoever opens it, and this order needs no sum over all bills for each step.
func (c *call) exportLedger() error {
	f, _, err := c.ledgerFilter()
	if err != nil {
		return err
	}
	f.Sort = models.LedgerByRoom
	header := []string{"小区", "房号", "楼栋", "业主", "管家", "费项", "账单数", "最早应缴日", "最长逾期天数", "欠费本金（元）", "违约金（元）", "应缴合计（元）"}
	for _, b := range models.Bands {
		header = append(header, bandWords[b]+"本金（元）")
	}
	return c.export("欠费台账", "", header, func(b *workbook) error {
		return c.eachLedgerLine(f, func(l billing.LedgerLine) error {
			row := []any{l.Community, l.Code, l.Building, c.ownerName(l.Owner.Name), l.Steward, strings.Join(l.Items, "、"), l.Bills, day(l.OldestDue), l.OverdueDays,
				sheet.Yuan(l.OwedFen), sheet.Yuan(l.LateFeeFen), sheet.Yuan(l.TotalFen)}
			for _, band := range models.Bands {
				row = append(row, sheet.Yuan(l.Bands[band]))
			}
			return b.Row(row...)
		})
	})
}
