package imports

import (
	"errors"
	"io"
	"net/http"
	"time"

	"wuyepay/billing/intake"
	"wuyepay/billing/sheet"
	"wuyepay/console/ui"
	"wuyepay/console/words"
	"wuyepay/models"
	"wuyepay/models/office"
)

// importList is the page 导入: the form for a file, the templates, and the files before.
type importList struct {
	Kinds  []ui.Option
	Kind   string // of the form
	States []ui.Option
	Filter office.ImportRunFilter
	Rows   []office.ImportRun
	Pager  ui.Pager
	Error  string
}

// states are those that can be searched for.
var states = []string{office.ImportChecked, office.ImportRefused, office.ImportCommitting, office.ImportDone, office.ImportDiscarded,
	office.ImportTakenBack}

// List shows the form for a file and a page of files that were handed in.
func List(c *ui.Call) error { return showList(c, http.StatusOK, importList{}) }

func showList(c *ui.Call, status int, l importList) error {
	for _, k := range intake.Kinds {
		l.Kinds = append(l.Kinds, ui.Option{Value: k, Text: words.ImportKind(k)})
	}
	l.States = ui.Options(words.ImportStates, states...)
	var err error
	if l.Filter, err = filterOf(c, l.Kinds, l.States); err != nil {
		return err
	}
	rows, err := office.ImportRuns(c.View, l.Filter, ui.PageSize+1)
	if err != nil {
		return err
	}
	l.Rows, l.Pager = ui.Cut(c, rows, office.ImportRun.Cursor)
	return c.RenderAs(status, "imports/import_list", "导入", l)
}

func filterOf(c *ui.Call, kinds, states []ui.Option) (f office.ImportRunFilter, err error) {
	if f.Kind, err = c.QueryOption("kind", kinds); err != nil {
		return f, err
	}
	f.State, err = c.QueryOption("state", states)
	f.Before = c.R.URL.Query().Get("after")
	return f, err
}

// uploadTime is how long a file may take on its way.
const uploadTime = 5 * time.Minute

// Upload takes a file and leads to its page, where the preview appears.
func Upload(c *ui.Call) error {
	c.LongWork()
	// Where the server cannot do it, its own time limit stays.
	_ = http.NewResponseController(c.W).SetReadDeadline(models.RealNow().Add(uploadTime))
	l := importList{}
	f, done, err := c.Upload("file")
	var run office.ImportRun
	if err == nil {
		defer done()
		l.Kind = c.R.FormValue("kind")
		run, err = intake.Upload(c.R.Context(), c.DB, c.Staff.Actor(), l.Kind, f.Name, io.NewSectionReader(f.Content, 0, f.Size))
	}
	var whole *sheet.FileError
	switch e, refusal := models.AsError(err); {
	case errors.As(err, &whole):
		l.Error = whole.Error()
		return showList(c, http.StatusUnprocessableEntity, l)
	case refusal:
		l.Error = e.Message
		return showList(c, ui.StatusOf(e.Kind), l)
	case err != nil:
		return err
	}
	c.Imports.Kick()
	return c.Redirect("/staff/imports/" + run.ID)
}

// Template sends an empty file of a kind, with its headings and an example.
func Template(c *ui.Call) error {
	kind := c.R.PathValue("kind")
	header, rows, err := intake.Template(kind)
	if err != nil {
		return models.ErrNotFound
	}
	return c.SendWorkbook(words.ImportKind(kind)+"导入模板", header, rows)
}

// ExportList sends the list as a workbook.
func ExportList(c *ui.Call) error {
	header := []string{"时间", "类型", "文件", "状态", "上传人", "读取行数", "新增", "修改", "不变", "错误", "不读入", "提醒", "欠费金额（元）", "导入人", "导入时间",
		"撤回申请人", "撤回原因", "撤回人", "撤回时间", "说明"}
	kinds := []ui.Option{}
	for _, k := range intake.Kinds {
		kinds = append(kinds, ui.Option{Value: k})
	}
	f, err := filterOf(c, kinds, ui.Options(words.ImportStates, states...))
	if err != nil {
		return err
	}
	return c.Export("导入记录", "", header, func(b *ui.Workbook) error {
		read := func(after string, limit int) ([]office.ImportRun, error) {
			f.Before = after
			return office.ImportRuns(c.View, f, limit)
		}
		return ui.EachPage(read, office.ImportRun.Cursor, func(r office.ImportRun) error {
			return b.Row(words.At(r.CreatedAt), words.ImportKind(r.Kind), r.FileName, words.Of(words.ImportStates, r.State),
				words.Actor(r.Made.Kind, r.Made.Name), r.RowsRead, r.RowsAdded, r.RowsChanged, r.RowsUnchanged, r.RowsWrong, r.RowsLeftOut,
				r.Warnings, sheet.Yuan(r.AmountFen), who(r.Committed), words.At(r.DoneAt), who(r.Asked), r.BackReason, who(r.Back),
				words.At(r.BackAt), r.Note)
		})
	})
}

// who names a person; nobody is blank.
func who(a models.Actor) string {
	if a.Kind == "" {
		return ""
	}
	return words.Actor(a.Kind, a.Name)
}
