package console_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"wuyepay/billing/billingtest"
	"wuyepay/console/consoletest"
)

// TestImportInABrowser hands in a file with mistakes, the corrected one, takes it in and
// back, in Chromium, on a desk and on a phone. The worker runs beside it, so that the pages
// show progress and go on by themselves.
func TestImportInABrowser(t *testing.T) {
	browser := newBrowser(t)
	for _, screen := range []struct {
		name          string
		width, height int
	}{{"desk", 1280, 900}, {"phone", 390, 844}} {
		t.Run(screen.name, func(t *testing.T) {
			w := consoletest.New(t)
			v := newVisit(t, w, browser.MustIncognito(), screen.name, screen.width, screen.height)
			v.signIn()
			dir := t.TempDir()
			wrong := billingtest.RoomHead + "海棠花园,1-1-101,1栋,1单元,101,高层住宅,吕敏,138,九十,,,2020-02-30,已入住,林晓梅\n" +
				"海棠花园,1-1-102,1栋,1单元,102,高层住宅,何川,13800000002,70,,,2020-05-02,已入住,林晓梅\n"
			v.open("/staff/imports")
			v.look("imports-empty")
			v.handIn(filepath.Join(dir, "房产资料.csv"), wrong)
			v.page.MustElementR(".cell-wrong", "没有这一天")
			v.look("import-wrong")
			v.handIn(filepath.Join(dir, "房产资料-更正.csv"), strings.NewReplacer("138,九十", "13800000001,90", "02-30", "02-28").Replace(wrong))
			v.page.MustElementR(".badge", "待确认")
			v.look("import-preview")
			v.press(".btn-commit")
			v.page.MustElementR("h1 .badge", "已导入")
			v.look("import-done")
			v.page.MustElementR("summary", "撤回这次导入").MustClick()
			v.page.MustElement("#reason").MustInput("传错了小区")
			v.press(".btn-back")
			v.page.MustElementR("h1 .badge", "已撤回")
			v.look("import-back")
			v.open("/staff/imports")
			v.look("imports")
			v.faults(0)
		})
	}
}

// handIn writes a file and hands it in.
func (v *visit) handIn(path, text string) {
	v.t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		v.t.Fatal(err)
	}
	v.open("/staff/imports")
	v.page.MustElement("#kind").MustSelect("房产与业主")
	v.page.MustElement("#file").MustSetFiles(path)
	v.press("form[enctype] button[type=submit]")
}
