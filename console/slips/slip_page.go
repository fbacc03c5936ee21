package slips

import (
	"bytes"
	"context"
	"strconv"

	"wuyepay/billing/issuing"
	"wuyepay/console/ui"
	"wuyepay/console/words"
	"wuyepay/models/fees"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// slipView is the page of one slip, and what may be done with it now.
type slipView struct {
	fees.SlipRow
	Lines                       []fees.SlipLine
	Signer                      string
	Bill                        *fees.Bill
	Edit, Offer, Recall, Cancel bool
	Paper                       bool // may register a signature on paper
	OwnPaper                    bool // drew it: another person has to
}

func itoa(n int) string { return strconv.Itoa(n) }

// Page shows a slip.
func Page(c *ui.Call) error {
	row, lines, err := load(c)
	if err != nil {
		return err
	}
	v := slipView{SlipRow: row, Lines: lines, Signer: signer(&row.Slip)}
	if row.BillID != nil {
		b, err := fees.BillByID(c.View, *row.BillID)
		if err != nil {
			return err
		}
		v.Bill = &b
	}
	open := row.Status == fees.SlipDraft || row.Status == fees.SlipDeclined
	offered := row.Status == fees.SlipOffered
	v.Edit, v.Offer, v.Recall, v.Cancel = open, row.Status == fees.SlipDraft, offered, open || offered
	v.OwnPaper = offered && row.Made == c.Staff.Actor()
	v.Paper = offered && !v.OwnPaper && c.Can(office.PermSlipPaper)
	return c.Render("slips/slip_page", "服务单 "+row.No, v)
}

// load returns the slip of the address with its lines.
func load(c *ui.Call) (fees.SlipRow, []fees.SlipLine, error) {
	row, err := fees.SlipRowByID(c.View, c.Scope(), c.R.PathValue("id"))
	if err != nil {
		return row, nil, err
	}
	lines, err := fees.SlipLines(c.View, row.ID)
	return row, lines[row.ID], err
}

// Offer shows a draft to the owner.
func Offer(c *ui.Call) error { return move(c, "slip_offered", issuing.OfferSlip) }

// Recall takes an offered slip back.
func Recall(c *ui.Call) error { return move(c, "slip_recalled", issuing.RecallSlip) }

// Cancel ends a slip.
func Cancel(c *ui.Call) error {
	if err := c.Form(); err != nil {
		return err
	}
	id := c.R.PathValue("id")
	return done(c, id, "slip_cancelled", issuing.CancelSlip(c.R.Context(), c.DB, c.Staff, id, c.Field("reason")))
}

// Paper registers that a slip was signed on paper.
func Paper(c *ui.Call) error {
	if err := c.Form(); err != nil {
		return err
	}
	id := c.R.PathValue("id")
	s, err := fees.SlipRowByID(c.View, c.Scope(), id)
	if err != nil {
		return err
	}
	_, err = issuing.SignSlipOnPaper(c.R.Context(), c.DB, c.Staff, id, issuing.PaperSignature{
		Signer: c.Field("signer"), No: c.Field("paper_no"), Shown: issuing.SlipConsent{TotalFen: s.TotalFen, Digest: c.Field("digest")},
	})
	return done(c, id, "slip_signed", err)
}

// move does something to a slip. Its page shows what came of it.
func move(c *ui.Call, said string, do func(context.Context, *store.DB, office.Staff, string) error) error {
	id := c.R.PathValue("id")
	return done(c, id, said, do(c.R.Context(), c.DB, c.Staff, id))
}

func done(c *ui.Call, id, said string, err error) error {
	if err := c.SayOutcome(err, said); err != nil {
		return err
	}
	return c.Redirect("/staff/slips/" + id)
}

// PDF sends the slip as it is printed.
func PDF(c *ui.Call) error {
	row, lines, err := load(c)
	if err != nil {
		return err
	}
	p := issuing.SlipPaper{Slip: row.Slip, Lines: lines, Community: row.Community, Room: row.Room.Name(),
		Kind: words.Of(words.SlipKinds, row.Kind), MadeAt: c.View.Now}
	owners, err := c.OwnersToday(row.Room)
	if err != nil {
		return err
	}
	for i, o := range owners {
		if i > 0 {
			p.Owner += "、"
		}
		p.Owner += o.Name
	}
	for _, l := range lines {
		p.LineKinds = append(p.LineKinds, words.Of(words.SlipLines, l.Kind))
	}
	var b bytes.Buffer
	if err := p.WritePDF(&b); err != nil {
		return err
	}
	h := c.W.Header()
	h.Set("Content-Type", "application/pdf")
	h.Set("Content-Disposition", `inline; filename="slip-`+row.No+`.pdf"`)
	c.W.Write(b.Bytes())
	return nil
}
