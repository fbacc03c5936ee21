package proof_test

import (
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/money"
	"wuyepay/models/proof"
	"wuyepay/models/store"
)

// reconciled adds a signed day with a finding that was accepted, one that was booked
// into the room's prepayment, one in suspense, and one that has left it.
func reconciled(tx *store.Tx, room estate.Room) error {
	asked, by := models.Actor{Kind: models.ActorStaff, ID: "a", Name: "甲"}, models.Actor{Kind: models.ActorStaff, ID: "b", Name: "乙"}
	day := tx.Today() - 1
	if err := proof.KeepReconciliation(tx, &proof.Reconciliation{Merchant: "main", BillOn: day, FeeFen: "0", NetFen: "0",
		FeeExpectedFen: "0", TheirsCount: 1, TheirsFen: 100}); err != nil {
		return err
	}
	if _, err := proof.KeepForeignDay(tx, "main", day, &proof.ForeignDay{Merchant: "main", BillOn: day, Payments: 1, PaidFen: 100,
		FeeFen: "1"}); err != nil {
		return err
	}
	for i, resolution := range []string{proof.ResolutionAccepted, proof.ResolutionRoom, proof.ResolutionSuspense,
		proof.ResolutionSuspense} {
		f := proof.Finding{Merchant: "main", BillOn: day, Kind: proof.FindingUnknown, OrderNo: "X", TransactionID: "T" +
			string(rune('0'+i)), TheirsFen: 700, Resolution: proof.ResolutionOpen}
		if _, err := proof.KeepFinding(tx, &f); err != nil {
			return err
		}
		if _, err := proof.ResolveFindingFor(tx, by, f.ID, resolution, "r"); err != nil {
			return err
		}
		if resolution == proof.ResolutionAccepted {
			continue
		}
		b := proof.FindingBooking{FindingID: f.ID, Merchant: "main", TransactionID: f.TransactionID, AmountFen: 700, AskedID: asked.ID,
			AskedName: asked.Name, ApprovedID: by.ID, ApprovedName: by.Name}
		line := money.JournalLine{Kind: money.JournalSuspense, Debit: money.AccountWechat, Credit: money.AccountSuspense, AmountFen: 700,
			Merchant: "main"}
		if resolution == proof.ResolutionRoom {
			b.RoomID, b.CommunityID = room.ID, room.CommunityID
			line.Kind, line.Credit, line.RoomID = money.JournalFound, money.AccountPrepaid, room.ID
			if err := money.MovePrepaid(tx, room.ID, money.PrepaidSurplus, 700, "", ""); err != nil {
				return err
			}
		}
		if err := proof.InsertFindingBooking(tx, &b); err != nil {
			return err
		}
		if err := money.Journal(tx, []money.JournalLine{line}); err != nil {
			return err
		}
		if i == 3 {
			if err := leftSuspense(tx, room, b, asked, by); err != nil {
				return err
			}
		}
	}
	_, err := proof.SignOff(tx, by, "main", day)
	return err
}

func leftSuspense(tx *store.Tx, room estate.Room, b proof.FindingBooking, asked, by models.Actor) error {
	if _, err := proof.AskFromSuspense(tx, asked, b.ID, room.ID); err != nil {
		return err
	}
	if _, err := proof.LeaveSuspense(tx, by, b.ID); err != nil {
		return err
	}
	if err := money.MovePrepaid(tx, room.ID, money.PrepaidSurplus, 700, "", ""); err != nil {
		return err
	}
	return money.Journal(tx, []money.JournalLine{{Kind: money.JournalFromSuspense, Debit: money.AccountSuspense,
		Credit: money.AccountPrepaid, AmountFen: 700, RoomID: room.ID, Merchant: "main"}})
}
