package slips

import (
	"strings"

	"wuyepay/billing/sheet"
	"wuyepay/console/ui"
	"wuyepay/console/words"
	"wuyepay/models"
	"wuyepay/models/fees"
)

// tones are the colours of the states.
var tones = map[string]string{fees.SlipDraft: "secondary", fees.SlipOffered: "blue", fees.SlipSigned: "green",
	fees.SlipCharged: "green", fees.SlipDeclined: "red", fees.SlipCancelled: "secondary"}

var (
	kindChoices  = ui.Options(words.SlipKinds, fees.SlipKinds...)
	stateChoices = ui.Options(words.SlipStates, fees.SlipStates...)
)

// slipList is the page 有偿服务单.
type slipList struct {
	Kind, Status, Text, From, To string
	Kinds, States                []ui.Option
	Rows                         []fees.SlipRow
	Pager                        ui.Pager
}

func slipFilter(c *ui.Call) (fees.SlipFilter, error) {
	q := c.R.URL.Query()
	f := fees.SlipFilter{Scope: c.Scope(), Text: strings.TrimSpace(q.Get("q")), RoomID: q.Get("room"), Limit: ui.PageSize + 1}
	var err error
	if f.Kind, err = c.QueryOption("kind", kindChoices); err != nil {
		return f, err
	}
	if f.Status, err = c.QueryOption("status", stateChoices); err != nil {
		return f, err
	}
	if f.From, err = c.QueryDay("from"); err != nil {
		return f, err
	}
	f.To, err = c.QueryDay("to")
	return f, err
}

// List shows a page of 有偿服务单.
func List(c *ui.Call) error {
	f, err := slipFilter(c)
	if err != nil {
		return err
	}
	f.After = c.R.URL.Query().Get("after")
	rows, err := fees.SlipRows(c.View, f)
	if err != nil {
		return err
	}
	out := slipList{Kind: f.Kind, Status: f.Status, Text: f.Text, From: f.From.String(), To: f.To.String(), Kinds: kindChoices,
		States: stateChoices}
	out.Rows, out.Pager = ui.Cut(c, rows, func(r fees.SlipRow) string { return r.ID })
	return c.Render("slips/slip_list", "有偿服务单", out)
}

// ExportList sends the list as a workbook.
func ExportList(c *ui.Call) error {
	f, err := slipFilter(c)
	if err != nil {
		return err
	}
	header := []string{"单号", "小区", "房号", "类别", "收费项目", "服务内容", "服务日期", "合计（元）", "状态", "开单人", "开单时间", "签字方式", "签字人",
		"纸质单编号", "签字时间", "原因"}
	return c.Export("有偿服务单", "", header, func(b *ui.Workbook) error {
		read := func(after string, limit int) ([]fees.SlipRow, error) {
			f.After, f.Limit = after, limit
			return fees.SlipRows(c.View, f)
		}
		return ui.EachPage(read, func(r fees.SlipRow) string { return r.ID }, func(r fees.SlipRow) error {
			return b.Row(r.No, r.Community, r.Room.Code, words.Of(words.SlipKinds, r.Kind), r.Item, r.Title, r.WorkedOn.String(),
				sheet.Yuan(r.TotalFen), words.Of(words.SlipStates, r.Status), words.Actor(r.Made.Kind, r.Made.Name), words.At(r.CreatedAt),
				blankOr(r.How, words.Of(words.SlipSigned, r.How)), signer(&r.Slip), r.PaperNo, at(r.SignedAt), r.Note)
		})
	})
}

// signer returns who signed, or nothing.
func signer(s *fees.Slip) string {
	switch s.How {
	case fees.SignedByPhone:
		return words.Actor(s.Signed.Kind, s.Signed.Name)
	case fees.SignedOnPaper:
		return s.SignerName + "（" + words.Actor(s.Signed.Kind, s.Signed.Name) + " 登记）"
	}
	return ""
}

func blankOr(code, word string) string {
	if code == "" {
		return ""
	}
	return word
}

func at(t models.Time) string {
	if t.IsZero() {
		return ""
	}
	return words.At(t)
}
