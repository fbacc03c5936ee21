package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"wuyepay/billing/intake"
	"wuyepay/billing/sheet"
	"wuyepay/models/store"
)

// importArgs are the arguments of import: a kind, a file, and --preview anywhere.
func importArgs(args []string) (kind, file string, preview bool, err error) {
	rest := slices.DeleteFunc(slices.Clone(args), func(a string) bool { return a == "--preview" || a == "-preview" })
	if len(rest) != 2 || len(args)-len(rest) > 1 || !slices.Contains(intake.Kinds, rest[0]) {
		return "", "", false, fmt.Errorf("%w: import wants %s, and a file", errUsage, kindList())
	}
	return rest[0], rest[1], len(rest) < len(args), nil
}

// kindList names the kinds of file for a text.
func kindList() string {
	out := ""
	for i, k := range intake.Kinds {
		switch {
		case i > 0 && i == len(intake.Kinds)-1:
			out += " or "
		case i > 0:
			out += ", "
		}
		out += k
	}
	return out
}

// preview is what import --preview prints after the changes.
type preview struct {
	Sheets   []previewSheet `json:"sheets"`
	Unread   []previewSheet `json:"unread_sheets"`
	Counts   previewCounts  `json:"counts"`
	Sums     previewSums    `json:"sums"`
	Mistakes []previewNote  `json:"mistakes"`
	Warnings []previewNote  `json:"warnings"`
	LeftOut  []previewNote  `json:"left_out"`
	Ignored  []string       `json:"ignored_columns"`
	// Error is why the file as a whole cannot be read.
	Error string `json:"error,omitempty"`
}

type previewSheet struct {
	Name   string `json:"name"`
	Rows   int    `json:"rows,omitempty"`
	Reason string `json:"reason,omitempty"`
}

type previewCounts struct {
	Read      int `json:"read"`
	Added     int `json:"added"`
	Changed   int `json:"changed"`
	Unchanged int `json:"unchanged"`
	Wrong     int `json:"wrong"`
	LeftOut   int `json:"left_out"`
	Warnings  int `json:"warnings"`
}

type previewSums struct {
	StatedBilledFen      int64 `json:"stated_billed_fen"`
	StatedPaidFen        int64 `json:"stated_paid_fen"`
	StatedOutstandingFen int64 `json:"stated_outstanding_fen"`
	TakenBilledFen       int64 `json:"taken_billed_fen"`
	TakenOutstandingFen  int64 `json:"taken_outstanding_fen"`
}

type previewNote struct {
	Sheet  string `json:"sheet"`
	Row    int    `json:"row"`
	Column string `json:"column"`
	Cell   string `json:"cell"`
	Reason string `json:"reason"`
}

func notesOf(list sheet.Mistakes) []previewNote {
	out := make([]previewNote, len(list))
	for i, m := range list {
		out[i] = previewNote{m.Sheet, m.Row, m.Column, m.Cell, m.Reason}
	}
	return out
}

// printPreview prints one JSON object about what an import would do, and changes nothing.
// The changes come first, as they are found, so that a large file takes no more memory. The
// error is nil for a file without mistakes.
func printPreview(ctx context.Context, term terminal, db *store.DB, kind, path string) error {
	name := filepath.Base(path)
	content, err := os.Open(path)
	if err != nil {
		return &sheet.FileError{File: name, Reason: "打不开", Err: err}
	}
	defer content.Close()
	info, err := content.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return &sheet.FileError{File: name, Reason: "打不开", Err: err}
	}
	head, err := json.Marshal(map[string]string{"kind": kind, "file": name})
	if err != nil {
		return err
	}
	fmt.Fprintf(term.out, `%s,"changes":[`, head[:len(head)-1])
	first := true
	r, err := intake.Preview(ctx, db, commandActor, kind, intake.File{Name: name, Content: content, Size: info.Size()},
		func(c intake.PreviewChange) error {
			line, err := json.Marshal(c)
			if err != nil {
				return err
			}
			if !first {
				line = append([]byte(","), line...)
			}
			first = false
			_, err = term.out.Write(line)
			return err
		})
	p, failed := previewOf(r), error(nil)
	var mistakes sheet.Mistakes
	var whole *sheet.FileError
	switch {
	case errors.As(err, &mistakes):
		p.Mistakes = notesOf(mistakes)
		failed = fmt.Errorf("%d mistakes in %s", len(mistakes), path)
	case errors.As(err, &whole):
		p.Error, failed = whole.Error(), err
	case err != nil:
		p.Error, failed = "系统出错了", err
	}
	tail, err := json.Marshal(p)
	if err != nil {
		return errors.Join(failed, err)
	}
	fmt.Fprintf(term.out, "],%s\n", tail[1:])
	return failed
}

func previewOf(r intake.Result) preview {
	p := preview{Sheets: []previewSheet{}, Unread: []previewSheet{}, Mistakes: []previewNote{}, LeftOut: []previewNote{},
		Ignored:  r.Ignored,
		Warnings: notesOf(r.Warnings),
		Counts: previewCounts{Read: r.Read, Added: r.Added, Changed: r.Changed, Unchanged: r.Unchanged, Wrong: r.Wrong, LeftOut: r.LeftOut,
			Warnings: r.WarningCount},
		Sums: previewSums{StatedBilledFen: int64(r.Stated.BilledFen), StatedPaidFen: int64(r.Stated.PaidFen),
			StatedOutstandingFen: int64(r.Stated.OutstandingFen), TakenBilledFen: int64(r.Taken.BilledFen),
			TakenOutstandingFen: int64(r.Taken.OutstandingFen)}}
	for _, t := range r.Sheets {
		p.Sheets = append(p.Sheets, previewSheet{Name: t.Name, Rows: t.Rows})
	}
	for _, u := range r.Unread {
		p.Unread = append(p.Unread, previewSheet{Name: u.Name, Reason: u.Reason})
	}
	for _, l := range r.Passed {
		p.LeftOut = append(p.LeftOut, previewNote{Sheet: l.Sheet, Row: l.Row, Reason: l.Reason})
	}
	if p.Ignored == nil {
		p.Ignored = []string{}
	}
	return p
}
