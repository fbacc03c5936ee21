package issuing

import (
	"context"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"wuyepay/billing"
	"wuyepay/billing/calc"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// Refusals of a signature.
var (
	// ErrSlipChanged: the slip says something else than what was shown. Details have what
	// it comes to now.
	ErrSlipChanged = models.Refusal(models.KindConflict, "SLIP_CHANGED", "服务单内容已变化，请刷新后重新核对")
	// ErrSlipSigned: somebody else has signed it.
	ErrSlipSigned = models.Refusal(models.KindConflict, "SLIP_SIGNED", "这张服务单已经签字，不需要再签")
	// ErrSlipPaper: signer or number of the paper is missing or too long.
	ErrSlipPaper = models.Invalid("SLIP_PAPER", "请填写签字人姓名（最多 100 个字）和纸质单编号或照片存放处（最多 64 个字）")
	// ErrSlipOwnPaper: who drew the slip cannot be the one who confirms the paper.
	ErrSlipOwnPaper = models.Refusal(models.KindForbidden, "SLIP_OWN_PAPER", "纸质签字须由开单人以外的另一位同事核对登记")
)

// SlipConsent is what somebody saw when they signed. Digest may be empty: then only the
// total is compared.
type SlipConsent struct {
	TotalFen models.Fen
	Digest   string
}

// SignSlip signs an offered slip for the owner on a phone and charges it, in one
// transaction: the bill exists exactly if the signature does. The same user signing again
// changes nothing and gets the slip as it is. The refusals are [ErrSlipChanged] if the slip
// says something else than what was shown, [ErrSlipSigned], [ErrSlipState], [ErrSlipSigner],
// [ErrSlipBilled], and [models.ErrNotFound] for a slip that is not theirs to see.
func SignSlip(ctx context.Context, db *store.DB, user estate.User, id string, seen SlipConsent) (fees.Slip, error) {
	var s fees.Slip
	err := db.Write(ctx, func(tx *store.Tx) (err error) {
		if s, err = lockSlipToSign(tx, user, id); err != nil {
			return err
		}
		by := models.UserActor(user.ID)
		if s.IsSigned() && s.Signed == by {
			return nil
		}
		s.How, s.Signed = fees.SignedByPhone, by
		return sign(tx, &s, seen)
	})
	return s, err
}

// PaperSignature is a signature on paper.
type PaperSignature struct {
	Signer string // whose it is
	No     string // number of the sheet, or where its photo is filed
	Shown  SlipConsent
}

// SignSlipOnPaper keeps that an offered slip was signed on paper, and charges it. Another
// person than the one who drew it has to hold the paper ([ErrSlipOwnPaper]): the owner does
// not confirm it on a phone.
func SignSlipOnPaper(ctx context.Context, db *store.DB, by office.Staff, id string, paper PaperSignature) (fees.Slip, error) {
	paper.Signer, paper.No = strings.TrimSpace(paper.Signer), strings.TrimSpace(paper.No)
	if !within(paper.Signer, 1, 100) || !within(paper.No, 1, 64) {
		return fees.Slip{}, ErrSlipPaper
	}
	var s fees.Slip
	err := db.Write(ctx, func(tx *store.Tx) (err error) {
		if s, err = lockScopedSlip(tx, by, id); err != nil {
			return err
		}
		if s.Made.Kind == models.ActorStaff && s.Made.ID == by.ID { // whatever the name is by now
			return ErrSlipOwnPaper
		}
		if s.IsSigned() && s.Signed == by.Actor() && s.PaperNo == paper.No {
			return nil // pressed twice
		}
		s.How, s.Signed, s.SignerName, s.PaperNo = fees.SignedOnPaper, by.Actor(), paper.Signer, paper.No
		return sign(tx, &s, paper.Shown)
	})
	return s, err
}

// sign writes the signature of a slip that was read with a lock, with its bill.
func sign(tx *store.Tx, s *fees.Slip, seen SlipConsent) error {
	switch {
	case s.IsSigned():
		return ErrSlipSigned
	case s.Status != fees.SlipOffered:
		return ErrSlipState
	case s.TotalFen != seen.TotalFen || seen.Digest != "" && seen.Digest != s.Digest:
		return ErrSlipChanged.With(map[string]any{"total_fen": s.TotalFen, "digest": s.Digest})
	}
	lines, err := fees.SlipLines(tx, s.ID)
	if err != nil {
		return err
	}
	if s.TotalFen > 0 {
		if err := chargeSlip(tx, s, lines[s.ID]); err != nil {
			return err
		}
	}
	ok, err := fees.SignSlip(tx, s)
	if err == nil && !ok {
		err = ErrSlipState
	}
	if err != nil {
		return err
	}
	about := map[string]any{"no": s.No, "room": s.RoomID, "total_fen": s.TotalFen, "digest": s.Digest, "how": s.How}
	if s.BillID != nil {
		about["bill"] = *s.BillID
	}
	if s.PaperNo != "" {
		about["paper"] = s.PaperNo
	}
	return office.Audit(tx, s.Signed, "slip.signed", "slip", s.ID, about)
}

// chargeSlip issues the bill of a slip, of the day of the work, by the late-fee rule of the
// item's tariff or of the community. Prepayment pays it as far as it reaches.
func chargeSlip(tx *store.Tx, s *fees.Slip, lines []fees.SlipLine) error {
	room, err := estate.RoomByID(tx, s.RoomID)
	if err != nil {
		return err
	}
	held, err := estate.TenurePeriods(tx, []string{room.ID})
	if err != nil {
		return err
	}
	rule := ChargePreview{ChargeRequest: ChargeRequest{CommunityID: s.CommunityID, Item: s.Item, To: s.WorkedOn}}
	if err := rule.terms(tx); err != nil {
		return err
	}
	basis, err := slipBasis(s, lines)
	if err != nil {
		return err
	}
	bill := fees.Bill{
		ID: models.NewID(), CommunityID: s.CommunityID, RoomID: s.RoomID,
		OwnerID: billing.OwnerOf(held[room.ID], calc.Days{From: s.WorkedOn, To: s.WorkedOn}), Item: s.Item, PeriodStart: s.WorkedOn,
		PeriodEnd: s.WorkedOn, IssuedOn: tx.Today(), DueOn: tx.Today().Plus(s.DueDays), Status: fees.BillUnpaid, PrincipalFen: s.TotalFen,
		LateRate: rule.late.LateRate, GraceDays: rule.late.GraceDays, LateCap: rule.late.LateCap, Basis: basis, Source: fees.SourceSlip,
		BatchID: s.ID, CreatedAt: tx.Now, UpdatedAt: tx.Now,
	}
	s.BillID = &bill.ID
	offset, err := issueBills(tx, []estate.Room{room}, []fees.Bill{bill})
	if err != nil {
		if tx.IsDuplicate(err) {
			return ErrSlipBilled
		}
		return err
	}
	return office.Audit(tx, s.Signed, "bills.issued", "slip", s.ID, map[string]any{
		"bills": 1, "principal_fen": s.TotalFen, "offset_fen": offset,
	})
}

// maxBasis is the width of the column of a basis, in characters.
const maxBasis = 1000

// slipBasis returns the basis of a slip's bill as JSON: its number, what was done, and its
// lines, as many as the column takes.
func slipBasis(s *fees.Slip, lines []fees.SlipLine) (string, error) {
	b := calc.Basis{Kind: "slip", Reason: s.Title, Slip: s.No}
	for _, l := range lines {
		b.Lines = append(b.Lines, calc.SlipBasis{Name: l.Name, Quantity: l.Quantity, Unit: l.Unit, Price: l.Price,
			Amount: l.AmountFen.String()})
	}
	for {
		text, err := json.Marshal(b)
		if err != nil || utf8.RuneCount(text) <= maxBasis {
			return string(text), err
		}
		b.Lines = b.Lines[:len(b.Lines)-1]
		b.MoreLines = len(lines) - len(b.Lines)
	}
}
