package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"wuyepay/billing/intake"
	"wuyepay/models/modelstest"
	"wuyepay/models/office"
)

const importHead = "小区,房号,业主姓名,联系电话,建筑面积\n"

// The job of a running server works on a file that was handed in, also on one that another
// process has left half done.
func TestServerWorksOnImports(t *testing.T) {
	t.Parallel()
	w := start(t, newConfig(t, ""))
	ctx := context.Background()
	run, err := intake.Upload(ctx, w.db, modelstest.Actor, intake.Rooms, "房产.csv",
		strings.NewReader(importHead+"海棠花园,1-1-101,吕敏,13800000001,90\n"))
	if err != nil {
		t.Fatal(err)
	}
	wait := func(state string) {
		t.Helper()
		for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
			if run, err = office.ImportRunByID(w.db.View(ctx), run.ID); err != nil {
				t.Fatal(err)
			}
			if run.State == state {
				return
			}
		}
		t.Fatalf("the import is %s, want %s", run.State, state)
	}
	wait(office.ImportChecked)
	if err := intake.Commit(ctx, w.db, modelstest.Actor, run.ID); err != nil {
		t.Fatal(err)
	}
	wait(office.ImportDone)
}

// import --preview prints one JSON object and changes nothing.
func TestImportPreview(t *testing.T) {
	t.Parallel()
	cfg := newConfig(t, "")
	path := filepath.Join(t.TempDir(), "房产.csv")
	preview := func(text string) (map[string]any, error) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		err := cmdImport(context.Background(), terminal{out: &out, err: io.Discard}, cfg, []string{intake.Rooms, "--preview", path})
		var object map[string]any
		if err := json.Unmarshal(out.Bytes(), &object); err != nil {
			t.Fatalf("%v: %s", err, &out)
		}
		return object, err
	}
	counts := func(o map[string]any) string {
		text, _ := json.Marshal(o["counts"])
		return string(text)
	}
	right := importHead + "海棠花园,1-1-101,吕敏,13800000001,90\n"
	o, err := preview(right)
	if want := `{"added":1,"changed":0,"left_out":0,"read":1,"unchanged":0,"warnings":0,"wrong":0}`; err != nil || counts(o) != want {
		t.Errorf("%s, %v", counts(o), err)
	}
	if o, err = preview(right); err != nil || !strings.Contains(counts(o), `"added":1`) {
		t.Errorf("a preview has changed the books: %s, %v", counts(o), err)
	}
	o, err = preview(strings.Replace(right, ",90", ",九十", 1))
	mistakes, _ := o["mistakes"].([]any)
	if err == nil || len(mistakes) != 1 || mistakes[0].(map[string]any)["cell"] != "E2" {
		t.Errorf("%v, %v", o["mistakes"], err)
	}
	if err := cmdImport(context.Background(), terminal{out: io.Discard, err: io.Discard}, cfg, []string{intake.Rooms, path}); err == nil {
		t.Error("a file with mistakes was imported")
	}
	if err := usageOf("import", []string{intake.Rooms, path, "--preview", "--preview"}); err == nil {
		t.Error("wrong usage was let through")
	}
}
