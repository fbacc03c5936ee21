package models_test

import "wuyepay/models"

// reconciled adds a signed day with a finding that was accepted, one that was booked
// into the room's prepayment, one in suspense, and one that has left it.
func reconciled(tx *models.Tx, room models.Room) error {
	asked, by := models.Actor{Kind: models.ActorStaff, ID: "a", Name: "甲"}, models.Actor{Kind: models.ActorStaff, ID: "b", Name: "乙"}
	day := tx.Today() - 1
	if err := tx.KeepReconciliation(&models.Reconciliation{Merchant: "main", BillOn: day, FeeFen: "0", NetFen: "0", FeeExpectedFen: "0"}); err != nil {
		return err
	}
	for i, resolution := range []string{models.ResolutionAccepted, models.ResolutionRoom, models.ResolutionSuspense, models.ResolutionSuspense} {
		f := models.Finding{Merchant: "main", BillOn: day, Kind: models.FindingUnknown, OrderNo: "X", TransactionID: "T" + string(rune('0'+i)), TheirsFen: 700, Resolution: models.ResolutionOpen}
		if _, err := tx.KeepFinding(&f); err != nil {
			return err
		}
		if _, err := tx.ResolveFindingFor(by, f.ID, resolution, "r"); err != nil {
			return err
		}
		if resolution == models.ResolutionAccepted {
			continue
		}
		b := models.FindingBooking{FindingID: f.ID, Merchant: "main", TransactionID: f.TransactionID, AmountFen: 700, AskedID: asked.ID, AskedName: asked.Name, ApprovedID: by.ID, ApprovedName: by.Name}
		line := models.JournalLine{Kind: models.JournalSuspense, Debit: models.AccountWechat, Credit: models.AccountSuspense, AmountFen: 700, Merchant: "main"}
		if resolution == models.ResolutionRoom {
			b.RoomID, b.CommunityID = room.ID, room.CommunityID
			line.Kind, line.Credit, line.RoomID = models.JournalFound, models.AccountPrepaid, room.ID
			if err := tx.MovePrepaid(room.ID, models.PrepaidSurplus, 700, "", ""); err != nil {
				return err
			}
		}
		if err := tx.InsertFindingBooking(&b); err != nil {
			return err
		}
		if err := tx.Journal([]models.JournalLine{line}); err != nil {
			return err
		}
		if i == 3 {
			if err := leftSuspense(tx, room, b, asked, by); err != nil {
				return err
			}
		}
	}
	_, err := tx.SignOff(by, "main", day)
	return err
}

func leftSuspense(tx *models.Tx, room models.Room, b models.FindingBooking, asked, by models.Actor) error {
	if _, err := tx.AskFromSuspense(asked, b.ID, room.ID); err != nil {
		return err
	}
	if _, err := tx.LeaveSuspense(by, b.ID); err != nil {
		return err
	}
	if err := tx.MovePrepaid(room.ID, models.PrepaidSurplus, 700, "", ""); err != nil {
		return err
	}
	return tx.Journal([]models.JournalLine{{Kind: models.JournalFromSuspense, Debit: models.AccountSuspense, Credit: models.AccountPrepaid, AmountFen: 700, RoomID: room.ID, Merchant: "main"}})
}
