package collection

import (
	"fmt"
	"io"
	"strings"

	"wuyepay/billing/sheet"
	"wuyepay/models"
	"wuyepay/models/desk"
)

// answered is what the bank says of one line.
type answered struct {
	paid   bool
	reason string
	on     models.Date // of the line; none: of the whole file
	row    *sheet.Row
}

// resultWords are how banks say that they have collected, or not.
var resultWords = map[string]bool{"成功": true, "扣款成功": true, "已扣款": true, "交易成功": true, "S": true, "SUCCESS": true, "Y": true,
	"失败": false, "扣款失败": false, "未扣款": false, "交易失败": false, "F": false, "FAIL": false, "FAILED": false, "N": false}

const (
	reasonUnsaid   = "银行未说明原因"
	maxBankReason  = 200
	maxLeftOutRows = 20
)

// readAnswer reads the bank's answer and holds every row against its line. All that
// cannot be right is a mistake, and lines that are not answered are one, too.
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
		if _, twice := out[number]; twice {
			wrong = append(wrong, row.Mistake("number", "文件中有重复的序号"))
		}
		last = row.Number()
		mistakes = append(mistakes, wrong...)
		out[number] = a
	}
	return out, append(mistakes, leftOut(asks, out, r.Sheet(), last+1)...), nil
}

// leftOut names the lines that the file does not answer, as missing below its end.
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

// answerRow reads one row and holds it against its line.
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

// shortened is the bank's reason as we keep it.
func shortened(reason string) string {
	if reason == "" {
		return reasonUnsaid
	}
	if r := []rune(reason); len(r) > maxBankReason {
		return string(r[:maxBankReason])
	}
	return reason
}
