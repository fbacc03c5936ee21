package orders

import (
	"strings"

	"wuyepay/console/ui"
	"wuyepay/console/words"
	"wuyepay/models"
)

// evidenceList is a page of 微信凭证: what WeChat told us, as it came.
type evidenceList struct {
	models.EvidenceFilter
	Day             string
	Kinds, Verdicts []ui.Option
	Rows            []evidenceRow
	Pager           ui.Pager
}

// evidenceRow is evidence with its codes in words.
type evidenceRow struct{ models.Evidence }

// KindWord says what it is.
func (e evidenceRow) KindWord() string { return words.Of(evidenceWords, e.Kind) }

// VerdictWord says what came of it.
func (e evidenceRow) VerdictWord() string { return words.Of(verdictWords, e.Verdict) }

// DetailWord says why.
func (e evidenceRow) DetailWord() string { return evidenceDetail(e.Detail) }

// Tone is the verdict's colour.
func (e evidenceRow) Tone() string { return evidenceTone(e.Verdict) }

var (
	evidenceKinds = ui.Options(evidenceWords, models.EvidenceCallback, models.EvidencePrepay, models.EvidenceQuery, models.EvidenceClose, models.EvidenceRefund,
		models.EvidenceRefundQuery, models.EvidenceTradeBill, models.EvidenceFlowBill)
	evidenceVerdicts = ui.Options(verdictWords, models.VerdictBooked, models.VerdictSurplus, models.VerdictRepeat, models.VerdictBadSignature, models.VerdictFailed,
		models.EventUnknownOrder, models.EventMismatch, models.EventMalformed, models.EventNotSuccess, models.EventOtherPayment,
		models.VerdictAccepted, models.VerdictClosed, models.VerdictRefused, models.VerdictDownloaded, models.VerdictRefunded, models.VerdictRefundMoved)
)

func evidenceFilter(c *ui.Call) (f models.EvidenceFilter, err error) {
	q := c.R.URL.Query()
	f = models.EvidenceFilter{OrderNo: strings.TrimSpace(q.Get("order_no")), Merchant: strings.TrimSpace(q.Get("merchant")), Limit: ui.PageSize + 1}
	if f.Kind, err = c.QueryOption("kind", evidenceKinds); err != nil {
		return f, err
	}
	if f.Verdict, err = c.QueryOption("verdict", evidenceVerdicts); err != nil {
		return f, err
	}
	f.On, err = c.QueryDay("on")
	return f, err
}

func Evidence(c *ui.Call) error {
	f, err := evidenceFilter(c)
	if err != nil {
		return err
	}
	f.After = c.R.URL.Query().Get("after")
	rows, err := c.View.EvidencePage(f)
	if err != nil {
		return err
	}
	out := evidenceList{EvidenceFilter: f, Day: f.On.String(), Kinds: evidenceKinds, Verdicts: evidenceVerdicts}
	rows, out.Pager = ui.Cut(c, rows, models.Evidence.Cursor)
	for _, e := range rows {
		out.Rows = append(out.Rows, evidenceRow{e})
	}
	return c.Render("orders/evidence_list", "微信凭证", out)
}

func ExportEvidence(c *ui.Call) error {
	f, err := evidenceFilter(c)
	if err != nil {
		return err
	}
	header := []string{"时间", "种类", "结果", "说明", "次数", "商户", "订单号", "退款单号", "通知编号", "微信请求编号", "应答状态", "证书或公钥编号", "签名时间戳", "随机串", "签名", "内容字节数", "内容 SHA-256"}
	return c.Export("微信凭证", "", header, func(b *ui.Workbook) error {
		read := func(after string, limit int) ([]models.Evidence, error) {
			f.After, f.Limit = after, limit
			return c.View.EvidencePage(f)
		}
		return ui.EachPage(read, models.Evidence.Cursor, func(e models.Evidence) error {
			w := evidenceRow{e}
			return b.Row(words.At(e.CreatedAt), w.KindWord(), w.VerdictWord(), w.DetailWord(), e.Times, e.Merchant, e.OrderNo, e.RefundNo, e.NotificationID, e.RequestID,
				e.Status, e.Serial, e.SignedAt, e.Nonce, e.Signature, e.BodySize, e.BodySHA256)
		})
	})
}
