package collection

import (
	"fmt"
	"io"
	"strings"

	"wuyepay/billing/sheet"
	"wuyepay/models"
	"wuyepay/models/desk"
)

// answered is the bank's result for one line of a batch. reason is empty for a line that
// was paid. row is kept to name its place in the file in a mistake.
type answered struct {
	paid   bool
	reason string
	on     models.Date // of the line; none: the day of the whole file counts
	row    *sheet.Row
}

// resultWords holds the words by which banks report a line as collected (true) or not
// (false). Keys are upper case and half-width, as [answerRow] compares them. A word that
// is missing here is a mistake: to guess would book money that never came, or leave a
// paid bill owed.
var resultWords = map[string]bool{"成功": true, "扣款成功": true, "已扣款": true, "交易成功": true, "S": true, "SUCCESS": true, "Y": true,
	"失败": false, "扣款失败": false, "未扣款": false, "交易失败": false, "F": false, "FAIL": false, "FAILED": false, "N": false}

// reasonUnsaid stands for a failure without a reason. maxBankReason limits a reason, in
// characters. maxLeftOutRows limits how many missing lines are listed: a file of another
// batch may leave out thousands.
const (
	reasonUnsaid   = "银行未说明原因"
	maxBankReason  = 200
	maxLeftOutRows = 20
)

// readAnswer reads the bank's answer and compares every row with its line. It returns
// the results by the number of the line, and a mistake for each cell that cannot be right
// and each line without a result. The results are complete only if there are no mistakes.
//
// An answer must have the columns 序号, 金额 and 结果. 批次号 and 协议号 are compared
// where they are filled in; 户名, 账号 and the others of the export may be there but are
// not compared.
func readAnswer(b *desk.CollectionBatch, asks []desk.CollectionLine, agreements map[string]string,
	f File) (map[int]answered, sheet.Mistakes, error) {
	r, err := sheet.OpenReader(f.Name, f.Content, f.Size,
		[]sheet.Column{columnBatch, columnNumber, columnAgreement, columnAmount, columnResult, columnReason, columnPaidOn,
			columnBank, columnHolder, columnAccount, columnRoom})
	if err != nil {
		return nil, nil, err
	}
	defer r.Close()
	byNumber := make(map[int]*desk.CollectionLine, len(asks))
	for i := range asks {
		byNumber[asks[i].Number] = &asks[i]
	}
	out := map[int]answered{}
	var mistakes sheet.Mistakes
	last := 1
	for {
		row, err := r.Next()
		if err == io.EOF { //nolint:errorlint // Next returns it bare
			break
		}
		if err != nil {
			return nil, nil, err
		}
		number, a, wrong := answerRow(b, byNumber, agreements, row)
		if _, twice := out[number]; twice && number != 0 { // 0: a number that cannot be read
			wrong = append(wrong, row.Mistake("number", "文件中有重复的序号"))
		}
		last = row.Number()
		mistakes = append(mistakes, wrong...)
		out[number] = a
	}
	return out, append(mistakes, leftOut(asks, out, r.Sheet(), last+1)...), nil
}

// leftOut returns a mistake for each line without a result. They name the row below the
// last one read, since no row of the file is at fault. After maxLeftOutRows the last one
// notes that there are more.
func leftOut(asks []desk.CollectionLine, out map[int]answered, sheetName string, end int) sheet.Mistakes {
	var mistakes sheet.Mistakes
	for i := range asks {
		if _, there := out[asks[i].Number]; there {
			continue
		}
		if len(mistakes) == maxLeftOutRows {
			mistakes[len(mistakes)-1].Reason += "；还有更多"
			break
		}
		mistakes = append(mistakes, &sheet.Mistake{
			Sheet: sheetName, Row: end, Column: "序号", Reason: fmt.Sprintf("缺少序号 %d 的回盘结果", asks[i].Number),
		})
	}
	return mistakes
}

// answerRow reads one row and compares it with its line. It returns the number of the
// line, which is 0 if it cannot be read, and all mistakes of the row at once, so that
// staff can correct a file in one pass.
//
// The amount must be equal to the fen. A bank that collects a part of a line has no place
// in the format: such a row is a mistake.
func answerRow(b *desk.CollectionBatch, asks map[int]*desk.CollectionLine, agreements map[string]string,
	row *sheet.Row) (int, answered, sheet.Mistakes) {
	a := answered{row: row}
	var wrong sheet.Mistakes
	note := func(m *sheet.Mistake) {
		if m != nil {
			wrong = append(wrong, m)
		}
	}
	number, m := row.Int("number")
	note(m)
	ask := asks[int(number)]
	if m == nil && ask == nil {
		note(row.Mistake("number", "批次中没有这个序号"))
	}
	if !row.Blank("batch") && row.Text("batch") != b.Number {
		note(row.Mistake("batch", "不是这个批次"))
	}
	amount, m := row.Fen("amount")
	note(m)
	if ask != nil && m == nil && models.Fen(amount) != ask.AmountFen {
		note(row.Mistake("amount", "与批次中的金额不一致"))
	}
	if ask != nil && !row.Blank("agreement") && row.Text("agreement") != agreements[ask.MandateID] {
		note(row.Mistake("agreement", "与批次中的协议号不一致"))
	}
	paid, known := resultWords[strings.ToUpper(models.HalfWidth(row.Text("result")))]
	if !known {
		note(row.Mistake("result", "应为「成功」或「失败」"))
	}
	if a.paid = paid; !paid {
		a.reason = shortened(row.Text("reason"))
	}
	if !row.Blank("paid_on") {
		day, m := row.Date("paid_on")
		note(m)
		if m == nil {
			y, mo, d := day.Date()
			a.on = models.NewDate(y, mo, d)
		}
	}
	return int(number), a, wrong
}

// shortened returns the reason of a failure as it is kept. It cuts by runes, so that no
// Chinese character is split.
func shortened(reason string) string {
	if reason == "" {
		return reasonUnsaid
	}
	if r := []rune(reason); len(r) > maxBankReason {
		return string(r[:maxBankReason])
	}
	return reason
}
