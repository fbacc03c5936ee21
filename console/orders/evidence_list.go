package orders

import (
	"strings"

	"wuyepay/console/ui"
	"wuyepay/console/words"
	"wuyepay/models/proof"
)

// evidenceList is the page 微信凭证: what WeChat sent, as it came.
type evidenceList struct {
	proof.EvidenceFilter
	Day             string
	Kinds, Verdicts []ui.Option
	Rows            []evidenceRow
	Pager           ui.Pager
}

// evidenceRow is evidence with its codes in words.
type evidenceRow struct{ proof.Evidence }

// KindWord returns the word of the kind.
func (e evidenceRow) KindWord() string { return words.Of(evidenceWords, e.Kind) }

// VerdictWord returns the word of the verdict.
func (e evidenceRow) VerdictWord() string { return words.Of(verdictWords, e.Verdict) }

// DetailWord returns the reason of the verdict.
func (e evidenceRow) DetailWord() string { return evidenceDetail(e.Detail) }

// Tone returns the colour of the verdict.
func (e evidenceRow) Tone() string { return evidenceTone(e.Verdict) }

var (
	evidenceKinds = ui.Options(evidenceWords, proof.EvidenceCallback, proof.EvidencePrepay, proof.EvidenceQuery,
		proof.EvidenceClose, proof.EvidenceRefund, proof.EvidenceRefundQuery, proof.EvidenceTradeBill, proof.EvidenceFlowBill)
	evidenceVerdicts = ui.Options(verdictWords, proof.VerdictBooked, proof.VerdictSurplus, proof.VerdictRepeat,
		proof.VerdictBadSignature, proof.VerdictFailed, proof.EventUnknownOrder, proof.EventMismatch, proof.EventMalformed,
		proof.EventNotSuccess, proof.EventOtherPayment, proof.VerdictAccepted, proof.VerdictClosed, proof.VerdictRefused,
		proof.VerdictDownloaded, proof.VerdictRefunded, proof.VerdictRefundMoved)
)

func evidenceFilter(c *ui.Call) (f proof.EvidenceFilter, err error) {
	q := c.R.URL.Query()
	f = proof.EvidenceFilter{OrderNo: strings.TrimSpace(q.Get("order_no")), Merchant: strings.TrimSpace(q.Get("merchant")),
		Limit: ui.PageSize + 1}
	if f.Kind, err = c.QueryOption("kind", evidenceKinds); err != nil {
		return f, err
	}
	if f.Verdict, err = c.QueryOption("verdict", evidenceVerdicts); err != nil {
		return f, err
	}
	f.On, err = c.QueryDay("on")
	return f, err
}

// Evidence shows a page of 微信凭证.
func Evidence(c *ui.Call) error {
	f, err := evidenceFilter(c)
	if err != nil {
		return err
	}
	f.After = c.R.URL.Query().Get("after")
	rows, err := proof.EvidencePage(c.View, f)
	if err != nil {
		return err
	}
	out := evidenceList{EvidenceFilter: f, Day: f.On.String(), Kinds: evidenceKinds, Verdicts: evidenceVerdicts}
	rows, out.Pager = ui.Cut(c, rows, proof.Evidence.Cursor)
	for _, e := range rows {
		out.Rows = append(out.Rows, evidenceRow{e})
	}
	return c.Render("orders/evidence_list", "微信凭证", out)
}

// ExportEvidence sends the list as a workbook.
func ExportEvidence(c *ui.Call) error {
	f, err := evidenceFilter(c)
	if err != nil {
		return err
	}
	header := []string{"时间", "种类", "结果", "说明", "次数", "商户", "订单号", "退款单号", "通知编号", "微信请求编号", "应答状态", "证书或公钥编号", "签名时间戳", "随机串", "签名",
		"内容字节数", "内容 SHA-256"}
	return c.Export("微信凭证", "", header, func(b *ui.Workbook) error {
		read := func(after string, limit int) ([]proof.Evidence, error) {
			f.After, f.Limit = after, limit
			return proof.EvidencePage(c.View, f)
		}
		return ui.EachPage(read, proof.Evidence.Cursor, func(e proof.Evidence) error {
			w := evidenceRow{e}
			return b.Row(words.At(e.CreatedAt), w.KindWord(), w.VerdictWord(), w.DetailWord(), e.Times, e.Merchant, e.OrderNo, e.RefundNo,
				e.NotificationID, e.RequestID, e.Status, e.Serial, e.SignedAt, e.Nonce, e.Signature, e.BodySize, e.BodySHA256)
		})
	})
}
