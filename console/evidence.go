package console

import (
	"strings"

	"wuyepay/models"
	"wuyepay/payment"
)

// evidenceList is a page of 微信凭证: what WeChat told us, as it came.
type evidenceList struct {
	models.EvidenceFilter
	Day             string
	Kinds, Verdicts []choice
	Rows            []evidenceRow
	Pager           pager
}

// evidenceRow is evidence with its codes in words.
type evidenceRow struct{ models.Evidence }

// KindWord says what it is.
func (e evidenceRow) KindWord() string { return word(evidenceWords, e.Kind) }

// VerdictWord says what came of it.
func (e evidenceRow) VerdictWord() string { return word(verdictWords, e.Verdict) }

// DetailWord says why.
func (e evidenceRow) DetailWord() string { return evidenceDetail(e.Detail) }

// Tone is the verdict's colour.
func (e evidenceRow) Tone() string { return evidenceTone(e.Verdict) }

var (
	evidenceKinds = choices(evidenceWords, models.EvidenceCallback, models.EvidencePrepay, models.EvidenceQuery, models.EvidenceClose, models.EvidenceRefund,
		models.EvidenceRefundQuery, models.EvidenceTradeBill, models.EvidenceFlowBill)
	evidenceVerdicts = choices(verdictWords, models.VerdictBooked, models.VerdictSurplus, models.VerdictRepeat, models.VerdictBadSignature, models.VerdictFailed,
		models.EventUnknownOrder, models.EventMismatch, models.EventMalformed, models.EventNotSuccess, models.EventOtherPayment,
		models.VerdictAccepted, models.VerdictClosed, models.VerdictRefused, models.VerdictDownloaded, models.VerdictRefunded, models.VerdictRefundMoved)
)

func (c *call) evidenceFilter() (f models.EvidenceFilter, err error) {
	q := c.r.URL.Query()
	f = models.EvidenceFilter{OrderNo: strings.TrimSpace(q.Get("order_no")), Merchant: strings.TrimSpace(q.Get("merchant")), Limit: pageSize + 1}
	if f.Kind, err = c.oneOf("kind", evidenceKinds); err != nil {
		return f, err
	}
	if f.Verdict, err = c.oneOf("verdict", evidenceVerdicts); err != nil {
		return f, err
	}
	f.On, err = c.dayOf("on")
	return f, err
}

func (c *call) evidence() error {
	f, err := c.evidenceFilter()
	if err != nil {
		return err
	}
	f.After = c.r.URL.Query().Get("after")
	rows, err := c.view.EvidencePage(f)
	if err != nil {
		return err
	}
	out := evidenceList{EvidenceFilter: f, Day: f.On.String(), Kinds: evidenceKinds, Verdicts: evidenceVerdicts}
	rows, out.Pager = cut(c, rows, models.Evidence.Cursor)
	for _, e := range rows {
		out.Rows = append(out.Rows, evidenceRow{e})
	}
	return c.render("evidence", "微信凭证", out)
}

// evidencePiece is one piece with its content, the payer hidden, and whether its
// signature still holds.
type evidencePiece struct {
	evidenceRow
	payment.Examined
}

func (c *call) evidencePiece() error {
	e, err := c.view.EvidenceByID(c.r.PathValue("id"))
	if err != nil {
		return err
	}
	return c.render("evidencepiece", "微信凭证", evidencePiece{evidenceRow{e}, c.Pay.Examine(c.r.Context(), e)})
}

func (c *call) exportEvidence() error {
	f, err := c.evidenceFilter()
	if err != nil {
		return err
	}
	header := []string{"时间", "种类", "结果", "说明", "次数", "商户", "订单号", "退款单号", "通知编号", "微信请求编号", "应答状态", "证书或公钥编号", "签名时间戳", "随机串", "签名", "内容字节数", "内容 SHA-256"}
	return c.export("微信凭证", "", header, func(b *workbook) error {
		read := func(after string, limit int) ([]models.Evidence, error) {
			f.After, f.Limit = after, limit
			return c.view.EvidencePage(f)
		}
		return eachPage(read, models.Evidence.Cursor, func(e models.Evidence) error {
			w := evidenceRow{e}
			return b.Row(at(e.CreatedAt), w.KindWord(), w.VerdictWord(), w.DetailWord(), e.Times, e.Merchant, e.OrderNo, e.RefundNo, e.NotificationID, e.RequestID,
				e.Status, e.Serial, e.SignedAt, e.Nonce, e.Signature, e.BodySize, e.BodySHA256)
		})
	})
}
