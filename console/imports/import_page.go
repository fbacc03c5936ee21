package imports

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"wuyepay/billing/intake"
	"wuyepay/console/ui"
	"wuyepay/console/words"
	"wuyepay/models"
	"wuyepay/models/office"
)

// importPage is the page of one file: how far it has come, its counts, its rows as the sheet
// has them, and what can be done about it.
type importPage struct {
	Run      office.ImportRun
	Percent  int
	Tabs     []tab
	Outcome  string
	Headings []string
	Sheets   bool // the rows are of more than one sheet
	Rows     []row
	Pager    ui.Pager
	Error    string

	MayCommit  bool
	MayDiscard bool
	MayAsk     bool // to ask that it be taken back
	MayAgree   bool // somebody has asked: to agree
	MayRefuse  bool // somebody has asked: to refuse, or to withdraw it
	TwoPersons bool // taking it back takes two
}

// tab chooses rows by what becomes of them.
type tab struct {
	Text   string
	Count  int
	Path   string
	Active bool
}

// row is a row of the sheet.
type row struct {
	Number   int
	Sheet    string
	Outcome  string
	Cells    []cell
	Notes    []note // about cells that the file does not have, or about the row
	Changes  []office.ImportChange
	Mistaken bool
}

// cell is a cell with what is wrong in it.
type cell struct {
	Heading string
	Text    string
	Wrong   []string
	Odd     []string
}

type note struct {
	Column string
	Reason string
	Wrong  bool
}

// Page shows a file that was handed in.
func Page(c *ui.Call) error { return showPage(c, http.StatusOK, "") }

func showPage(c *ui.Call, status int, refusal string) error {
	run, err := office.ImportRunByID(c.View, c.R.PathValue("id"))
	if err != nil {
		return err
	}
	p := importPage{Run: run, Error: refusal, Headings: intake.Headings(run), TwoPersons: run.Kind == intake.Arrears}
	if run.RowsRead > 0 {
		p.Percent = min(100, run.RowsDone*100/run.RowsRead)
	}
	p.may(c)
	if err := p.tabs(c); err != nil {
		return err
	}
	if run.State != office.ImportUploaded {
		if err := p.rows(c); err != nil {
			return err
		}
	}
	return c.RenderAs(status, "imports/import_page", "导入 "+run.FileName, p)
}

// may says what the member of staff can do.
func (p *importPage) may(c *ui.Call) {
	r := p.Run
	p.MayCommit = r.State == office.ImportChecked
	p.MayDiscard = r.State == office.ImportUploaded || r.State == office.ImportChecked || r.State == office.ImportRefused ||
		r.State == office.ImportCommitting
	asked := r.Asked.Kind != ""
	done := r.State == office.ImportDone && r.Blocks > 0
	p.MayAsk = done && !asked
	p.MayAgree = done && asked && r.Asked != c.Staff.Actor() && c.Can(office.PermImportBack)
	p.MayRefuse = done && asked
}

// tabs makes the tabs and says which one is open: the mistakes, if there are any and nothing
// else was asked for.
func (p *importPage) tabs(c *ui.Call) error {
	r := p.Run
	q := c.R.URL.Query()
	counts := []struct {
		outcome string
		n       int
	}{{"all", r.RowsRead}, {office.RowWrong, r.RowsWrong}, {office.RowAdded, r.RowsAdded}, {office.RowChanged, r.RowsChanged},
		{office.RowUnchanged, r.RowsUnchanged}, {office.RowLeftOut, r.RowsLeftOut}}
	p.Outcome = q.Get("rows")
	if p.Outcome == "" {
		p.Outcome = "all"
		if r.RowsWrong > 0 {
			p.Outcome = office.RowWrong
		}
	}
	known := false
	for _, t := range counts {
		text := words.RowOutcomes[t.outcome]
		if t.outcome == "all" {
			text = "全部"
		}
		known = known || t.outcome == p.Outcome
		p.Tabs = append(p.Tabs, tab{Text: text, Count: t.n, Path: c.R.URL.Path + "?rows=" + t.outcome, Active: t.outcome == p.Outcome})
	}
	if !known {
		return ui.ErrBadQuery
	}
	return nil
}

// rows reads a page of the sheet.
func (p *importPage) rows(c *ui.Call) error {
	after := -1
	if text := c.R.URL.Query().Get("after"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			return ui.ErrBadQuery
		}
		after = n
	}
	outcome := p.Outcome
	if outcome == "all" {
		outcome = ""
	}
	list, err := office.ImportRows(c.View, p.Run.ID, outcome, after, ui.PageSize+1)
	if err != nil {
		return err
	}
	list, p.Pager = ui.Cut(c, list, func(r office.ImportRow) string { return strconv.Itoa(r.Seq) })
	for _, r := range list {
		cells, err := r.Open(c.View)
		if err != nil {
			return err
		}
		p.Rows = append(p.Rows, rowOf(r, cells, p.Headings))
		p.Sheets = p.Sheets || r.Sheet != list[0].Sheet
	}
	return nil
}

func rowOf(r office.ImportRow, cells office.ImportCells, headings []string) row {
	out := row{Number: r.Number, Sheet: r.Sheet, Outcome: r.Outcome, Changes: cells.Changes, Mistaken: r.Outcome == office.RowWrong,
		Cells: make([]cell, len(headings))}
	for i := range out.Cells {
		out.Cells[i].Heading = headings[i]
		if i < len(cells.Cells) {
			out.Cells[i].Text = cells.Cells[i]
		}
	}
	place := func(n office.ImportNote, wrong bool) {
		at := n.At
		if at < 0 { // found late: by its heading
			for i, h := range headings {
				if h == n.Column {
					at = i
				}
			}
		}
		switch {
		case at < 0 || at >= len(out.Cells):
			out.Notes = append(out.Notes, note{n.Column, n.Reason, wrong})
		case wrong:
			out.Cells[at].Wrong = append(out.Cells[at].Wrong, n.Reason)
		default:
			out.Cells[at].Odd = append(out.Cells[at].Odd, n.Reason)
		}
	}
	for _, n := range cells.Mistakes {
		place(n, true)
	}
	for _, n := range cells.Warnings {
		place(n, false)
	}
	return out
}

// Commit has a file that was previewed taken into the books.
func Commit(c *ui.Call) error {
	return act(c, "import_commit", intake.Commit(c.R.Context(), c.DB, c.Staff.Actor(), c.R.PathValue("id")))
}

// Discard throws a preview away, or stops an import that is being written.
func Discard(c *ui.Call) error {
	return act(c, "import_discarded", intake.Discard(c.R.Context(), c.DB, c.Staff.Actor(), c.R.PathValue("id")))
}

// TakeBack asks that a file be taken back, or agrees to it.
func TakeBack(c *ui.Call) error {
	if err := c.Form(); err != nil {
		return err
	}
	return act(c, "import_back", intake.RequestTakeBack(c.R.Context(), c.DB, c.Staff, c.R.PathValue("id"), c.Field("reason")))
}

// RefuseTakeBack ends what was asked for without taking anything back.
func RefuseTakeBack(c *ui.Call) error {
	return act(c, "import_back_refused", intake.RefuseTakeBack(c.R.Context(), c.DB, c.Staff, c.R.PathValue("id")))
}

// act shows the page after something was asked for, with the refusal if there is one.
func act(c *ui.Call, done string, err error) error {
	if e, ok := models.AsError(err); ok && e.Kind != models.KindNotFound {
		return showPage(c, ui.StatusOf(e.Kind), e.Message)
	}
	if err != nil {
		return err
	}
	c.Imports.Kick()
	c.Say(done)
	return c.Redirect("/staff/imports/" + c.R.PathValue("id"))
}

// File sends the file as it was handed in.
func File(c *ui.Call) error {
	c.LongWork()
	run, err := office.ImportRunByID(c.View, c.R.PathValue("id"))
	if err != nil {
		return err
	}
	if err := intake.NoteDownload(c.R.Context(), c.DB, c.Staff.Actor(), run.ID); err != nil {
		return err
	}
	var out bytes.Buffer // nothing is sent before all of it is there; a file has at most 64 MB
	if err := intake.WriteContent(c.View, run, &out); err != nil {
		return err
	}
	h := c.W.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="import"; filename*=UTF-8''%s`, url.PathEscape(run.FileName)))
	_, err = c.W.Write(out.Bytes())
	return err
}
