package staffapi

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"wuyepay/billing"
	"wuyepay/billing/intake"
	"wuyepay/billing/sheet"
	"wuyepay/models"
	"wuyepay/models/office"
)

// ErrNoFile: the form has no file.
var ErrNoFile = models.Invalid("NO_FILE", "请在表单字段 file 中上传 xlsx 或 csv 文件")

// errFile refuses a file that cannot be kept.
var errFile = models.Refusal(models.KindUnprocessable, "IMPORT_FILE", "文件不能读取")

// UploadIn is a file for an import.
type UploadIn struct {
	Kind    string `path:"kind" maxLength:"20" example:"rooms" doc:"类型：rooms 房产与业主、tariffs 收费标准、arrears 历史欠费、meters 表计与读数，以及后台导入页上的其他类型"`
	RawBody huma.MultipartFormFiles[struct {
		File huma.FormFile `form:"file" required:"true" doc:"xlsx 或 csv 文件，不超过 32 MB"`
	}]
}

// ImportIn names an import.
type ImportIn struct {
	ID string `path:"id" maxLength:"26" doc:"导入编号"`
}

// ImportDetailIn names an import and a page of its rows.
type ImportDetailIn struct {
	ID      string `path:"id" maxLength:"26" doc:"导入编号"`
	Outcome string `query:"outcome" enum:"wrong,added,changed,unchanged,left_out" doc:"只要这种结果的行；不填为全部"`
	After   int    `query:"after" default:"-1" minimum:"-1" doc:"上一页的 next_after"`
	Limit   int    `query:"limit" default:"100" minimum:"1" maximum:"500" doc:"最多几行"`
}

// ImportsIn chooses imports.
type ImportsIn struct {
	Kind   string `query:"kind" maxLength:"20" doc:"类型"`
	State  string `query:"state" maxLength:"20" doc:"状态"`
	Before string `query:"before" maxLength:"26" doc:"上一页的 next_before"`
	Limit  int    `query:"limit" default:"20" minimum:"1" maximum:"100" doc:"最多几个"`
}

// TakeBackIn asks that an import be taken back.
type TakeBackIn struct {
	ID   string `path:"id" maxLength:"26" doc:"导入编号"`
	Body struct {
		Reason string `json:"reason,omitempty" maxLength:"200" doc:"原因；同意他人的申请时可以不填"`
	}
}

// ImportOut is an import.
type ImportOut struct{ Body ImportView }

// ImportDetailOut is an import with rows of it.
type ImportDetailOut struct{ Body ImportDetailView }

// ImportsOut is a list of imports.
type ImportsOut struct {
	Body struct {
		Imports    []ImportView `json:"imports" nullable:"false" doc:"导入，新的在前"`
		NextBefore string       `json:"next_before,omitempty" doc:"还有更早的：下一页的 before"`
	}
}

// ImportView is a file that was handed in.
type ImportView struct {
	ID       string         `json:"id" doc:"导入编号"`
	Kind     string         `json:"kind" example:"rooms" doc:"类型"`
	File     string         `json:"file" doc:"文件名"`
	SHA256   string         `json:"sha256" doc:"文件的 SHA-256"`
	State    string         `json:"state" enum:"uploaded,checked,refused,discarded,committing,undoing,done,taking_back,taken_back" doc:"状态：正在读取、待确认、未导入、已放弃、正在导入、正在恢复、已导入、正在撤回、已撤回"`
	Note     string         `json:"note" doc:"没有导入或不能撤回的原因；没有则为空"`
	Progress ImportProgress `json:"progress" doc:"当前步骤的进度"`
	Counts   ImportCounts   `json:"counts" doc:"行数；read 等于 added、changed、unchanged、wrong、left_out 之和"`
	Sums     ImportSums     `json:"sums" doc:"金额"`
	Sheets   string         `json:"sheets" doc:"读取的工作表"`
	Ignored  string         `json:"ignored_columns" doc:"没有读取的列"`
	By       string         `json:"by" doc:"上传人"`
	At       models.Time    `json:"at" doc:"上传时间"`
	DoneAt   models.Time    `json:"done_at" doc:"导入完成时间；没有则为 null"`
	BackAsk  string         `json:"take_back_asked_by" doc:"申请撤回的人；没有则为空"`
	BackAt   models.Time    `json:"taken_back_at" doc:"撤回时间；没有则为 null"`
}

// ImportProgress is how far a step has come.
type ImportProgress struct {
	Done  int `json:"done" doc:"已处理的行"`
	Total int `json:"total" doc:"全部行；正在读取时为 0"`
}

// ImportCounts are the counts of rows.
type ImportCounts struct {
	Read      int `json:"read" doc:"读取"`
	Added     int `json:"added" doc:"新增"`
	Changed   int `json:"changed" doc:"修改"`
	Unchanged int `json:"unchanged" doc:"不变"`
	Wrong     int `json:"wrong" doc:"错误"`
	LeftOut   int `json:"left_out" doc:"不读入：合计行、已缴清等"`
	Warnings  int `json:"warnings" doc:"提醒的处数"`
}

// ImportSums are sums of money.
type ImportSums struct {
	OutstandingFen models.Fen `json:"outstanding_fen" doc:"新增欠费本金，分"`
}

// ImportDetailView is an import with its mistakes and a page of rows.
type ImportDetailView struct {
	ImportView
	Mistakes  []ImportMistake `json:"mistakes" nullable:"false" doc:"错误，按文件顺序，最多 1000 个"`
	Rows      []ImportRowView `json:"rows" nullable:"false" doc:"一页逐行的结果"`
	NextAfter *int            `json:"next_after,omitempty" doc:"还有下一页：它的 after"`
}

// ImportMistake is a mistake with its place.
type ImportMistake struct {
	Sheet  string `json:"sheet" doc:"工作表"`
	Row    int    `json:"row" doc:"行号，与表格软件一致"`
	Column string `json:"column" doc:"列的表头"`
	Cell   string `json:"cell" doc:"单元格，如 H8；文件没有这一列时为空"`
	Reason string `json:"reason" doc:"原因"`
}

// ImportRowView is a row of the file.
type ImportRowView struct {
	Sheet    string          `json:"sheet" doc:"工作表"`
	Row      int             `json:"row" doc:"行号"`
	Outcome  string          `json:"outcome" enum:"wrong,added,changed,unchanged,left_out" doc:"结果：错误、新增、修改、不变、不读入"`
	Mistakes []ImportMistake `json:"mistakes" nullable:"false" doc:"错误"`
	Warnings []ImportMistake `json:"warnings" nullable:"false" doc:"提醒"`
	Changes  []ImportField   `json:"changes" nullable:"false" doc:"会修改的字段"`
}

// ImportField is a field that a row changes.
type ImportField struct {
	Field string `json:"field" doc:"字段"`
	Old   string `json:"old" doc:"原值；个人信息不显示"`
	New   string `json:"new" doc:"新值；个人信息不显示"`
}

// importRoutes are the calls about files that are handed in.
func (a *API) importRoutes(api huma.API) {
	call := func(id, method, path, summary, description string) huma.Operation {
		return Tagged(a.SignedIn(api, id, method, path, office.PermImports, summary, description), "imports")
	}
	upload := Created(call("staffUploadImport", http.MethodPost, "/imports/{kind}", "上传文件并预览",
		"上传只是预览，不改动数据。几秒内读完就返回完整的预览，否则状态为 uploaded，请查询 GET /imports/{id}。"))
	upload.Middlewares = append(upload.Middlewares, boundUpload)
	Handle(api, a, upload, a.UploadImport, intake.ErrKind, ErrNoFile, errFile)
	Handle(api, a, call("staffImports", http.MethodGet, "/imports", "导入列表", "上传过的文件，新的在前。"), a.ListImports)
	Handle(api, a, call("staffImport", http.MethodGet, "/imports/{id}", "一个导入", "状态、进度、行数、金额、每个错误的单元格，以及逐行的结果。"), a.Import)
	Handle(api, a, call("staffCommitImport", http.MethodPost, "/imports/{id}/commit", "确认导入",
		"预览没有错误时写入。立即返回，进度请查询 GET /imports/{id}。"), a.CommitImport, intake.ErrRunState, intake.ErrRunMistakes)
	Handle(api, a, call("staffDiscardImport", http.MethodPost, "/imports/{id}/discard", "放弃",
		"放弃预览；正在导入时中止，已写入的部分恢复原状。"), a.DiscardImport, intake.ErrRunState)
	Handle(api, a, call("staffTakeBackImport", http.MethodPost, "/imports/{id}/take-back", "撤回",
		"整份撤回已完成的导入。历史欠费由一人申请，另一位有权限的人再调用一次表示同意。有记录之后被使用过时不撤回，note 说明原因。"),
		a.TakeBackImport, intake.ErrRunState, billing.ErrNoReason, billing.ErrSamePerson)
	// Huma lists the type by which it hands a file over, which is no part of any answer.
	delete(api.OpenAPI().Components.Schemas.Map(), "FormFile")
}

// uploadTime is how long a file may take on its way.
const uploadTime = 5 * time.Minute

// boundUpload bounds the size of an upload and extends its deadline.
func boundUpload(ctx huma.Context, next func(huma.Context)) {
	r, w := humago.Unwrap(ctx)
	r.Body = http.MaxBytesReader(w, r.Body, intake.MaxUpload+1<<20)
	// Where the server cannot do it, its own time limit stays.
	_ = http.NewResponseController(w).SetReadDeadline(models.RealNow().Add(uploadTime))
	next(ctx)
}

// previewWait is how long the answer to an upload waits for the preview.
const previewWait = 3 * time.Second

// UploadImport keeps a file and returns its preview, or that it is still being read.
func (a *API) UploadImport(ctx context.Context, in *UploadIn) (*ImportDetailOut, error) {
	file := in.RawBody.Data().File
	if !file.IsSet {
		return nil, ErrNoFile
	}
	defer file.Close()
	run, err := intake.Upload(ctx, a.DB, StaffOf(ctx).Actor(), in.Kind, file.Filename, file)
	var whole *sheet.FileError
	if errors.As(err, &whole) {
		return nil, models.Refusal(models.KindUnprocessable, errFile.Code, whole.Error())
	}
	if err != nil {
		return nil, err
	}
	a.Worker.Kick()
	end := models.RealNow().Add(previewWait)
	for run.State == office.ImportUploaded && models.RealNow().Before(end) {
		pause := time.NewTimer(20 * time.Millisecond)
		select {
		case <-pause.C:
		case <-ctx.Done():
			pause.Stop()
			return nil, ctx.Err()
		}
		if run, err = office.ImportRunByID(a.DB.View(ctx), run.ID); err != nil {
			return nil, err
		}
	}
	return a.importDetail(ctx, run, &ImportDetailIn{ID: run.ID, After: -1, Limit: 100})
}

// Import returns an import with its mistakes and a page of rows.
func (a *API) Import(ctx context.Context, in *ImportDetailIn) (*ImportDetailOut, error) {
	run, err := office.ImportRunByID(a.DB.View(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return a.importDetail(ctx, run, in)
}

// maxMistakes is how many mistakes an answer holds. The others are among the rows.
const maxMistakes = 1000

func (a *API) importDetail(ctx context.Context, run office.ImportRun, in *ImportDetailIn) (*ImportDetailOut, error) {
	tx := a.DB.View(ctx)
	out := &ImportDetailOut{Body: ImportDetailView{ImportView: importView(run), Mistakes: []ImportMistake{}, Rows: []ImportRowView{}}}
	mistakes, err := intake.MistakesOf(tx, run.ID, maxMistakes)
	if err != nil {
		return nil, err
	}
	for _, m := range mistakes {
		out.Body.Mistakes = append(out.Body.Mistakes, ImportMistake{Sheet: m.Sheet, Row: m.Row, Column: m.Column, Cell: m.Cell,
			Reason: m.Reason})
	}
	rows, err := office.ImportRows(tx, run.ID, in.Outcome, in.After, in.Limit+1)
	if err != nil {
		return nil, err
	}
	if len(rows) > in.Limit {
		rows = rows[:in.Limit]
		out.Body.NextAfter = &rows[in.Limit-1].Seq
	}
	for _, r := range rows {
		cells, err := r.Open(tx)
		if err != nil {
			return nil, err
		}
		v := ImportRowView{Sheet: r.Sheet, Row: r.Number, Outcome: r.Outcome, Mistakes: notes(r, cells.Mistakes),
			Warnings: notes(r, cells.Warnings), Changes: []ImportField{}}
		for _, c := range cells.Changes {
			v.Changes = append(v.Changes, ImportField(c))
		}
		out.Body.Rows = append(out.Body.Rows, v)
	}
	return out, nil
}

func notes(r office.ImportRow, list []office.ImportNote) []ImportMistake {
	out := make([]ImportMistake, len(list))
	for i, n := range list {
		out[i] = ImportMistake{Sheet: r.Sheet, Row: r.Number, Column: n.Column, Cell: n.Cell, Reason: n.Reason}
	}
	return out
}

func importView(r office.ImportRun) ImportView {
	return ImportView{ID: r.ID, Kind: r.Kind, File: r.FileName, SHA256: r.SHA256, State: r.State, Note: r.Note,
		Progress: ImportProgress{Done: r.RowsDone, Total: r.RowsRead},
		Counts: ImportCounts{Read: r.RowsRead, Added: r.RowsAdded, Changed: r.RowsChanged, Unchanged: r.RowsUnchanged, Wrong: r.RowsWrong,
			LeftOut: r.RowsLeftOut, Warnings: r.Warnings},
		Sums: ImportSums{OutstandingFen: r.AmountFen}, Sheets: r.Sheets, Ignored: r.Ignored, By: r.Made.Name, At: r.CreatedAt,
		DoneAt: r.DoneAt, BackAsk: r.Asked.Name, BackAt: r.BackAt}
}

// ListImports returns a page of imports.
func (a *API) ListImports(ctx context.Context, in *ImportsIn) (*ImportsOut, error) {
	if in.Kind != "" && !slices.Contains(intake.Kinds, in.Kind) {
		return nil, intake.ErrKind
	}
	rows, err := office.ImportRuns(a.DB.View(ctx), office.ImportRunFilter{Kind: in.Kind, State: strings.TrimSpace(in.State),
		Before: in.Before},
		in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := &ImportsOut{}
	out.Body.Imports = []ImportView{}
	if len(rows) > in.Limit {
		rows = rows[:in.Limit]
		out.Body.NextBefore = rows[in.Limit-1].ID
	}
	for _, r := range rows {
		out.Body.Imports = append(out.Body.Imports, importView(r))
	}
	return out, nil
}

// CommitImport has a preview taken into the books.
func (a *API) CommitImport(ctx context.Context, in *ImportIn) (*ImportOut, error) {
	return a.afterImport(ctx, in.ID, intake.Commit(ctx, a.DB, StaffOf(ctx).Actor(), in.ID))
}

// DiscardImport throws a preview away, or stops an import.
func (a *API) DiscardImport(ctx context.Context, in *ImportIn) (*ImportOut, error) {
	return a.afterImport(ctx, in.ID, intake.Discard(ctx, a.DB, StaffOf(ctx).Actor(), in.ID))
}

// TakeBackImport asks that an import be taken back, or agrees to it.
func (a *API) TakeBackImport(ctx context.Context, in *TakeBackIn) (*ImportOut, error) {
	return a.afterImport(ctx, in.ID, intake.RequestTakeBack(ctx, a.DB, StaffOf(ctx), in.ID, in.Body.Reason))
}

// afterImport has the worker go on and returns the import as it is then.
func (a *API) afterImport(ctx context.Context, id string, err error) (*ImportOut, error) {
	if err != nil {
		return nil, err
	}
	a.Worker.Kick()
	run, err := office.ImportRunByID(a.DB.View(ctx), id)
	return &ImportOut{Body: importView(run)}, err
}
