package intake

import (
	"fmt"

	"wuyepay/billing"
	"wuyepay/billing/calc"
	"wuyepay/billing/sheet"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/money"
)

// arrearsTable imports opening arrears: bills from before these books, each with what had
// been paid of it.
//
// An issued bill never changes. A row whose bill exists with the same amounts and due
// date is unchanged. With other figures it is a mistake; staff correct the bill, which
// leaves a trace. A row whose period overlaps that of another bill of the room and item
// is a mistake as well, because the same days would be owed twice. For example, with a
// bill of January to March in the books, a row of 31 March to 30 June is a mistake and
// one from 1 April is not.
type arrearsTable struct {
	*pass
	seen      spans
	takenBack map[string]bool // of the batch's void bills, those of imports that were taken back
}

// arrearsRow is a row that was read. The period includes both of its days. principal is
// what was billed, and paid is the part of it that was paid before these books began.
type arrearsRow struct {
	roomRef
	item      string
	period    calc.Days
	due       models.Date
	principal models.Fen
	paid      models.Fen
}

// Keys of the columns of arrears.
const (
	colAmount = "amount"
	colPaid   = "paid"
	colOwed   = "owed"
)

// columns returns the columns with the names that companies use for them.
func (t *arrearsTable) columns() []sheet.Column {
	return []sheet.Column{
		{Key: colCommunity, Names: communityNames, Role: sheet.RoleGroup},
		{Key: colRoom, Names: roomNames, Role: sheet.RoleKey, Required: true},
		{Key: colItem, Names: itemNames, Role: sheet.RoleKey, Required: true},
		{
			Key: colFrom, Names: []string{"账期起", "账期开始", "账期起始", "费用开始日期", "计费开始日期", "起始日期", "开始日期"},
			Role: sheet.RoleProof, Required: true,
		},
		{
			Key: colTo, Names: []string{"账期止", "账期结束", "账期截止", "费用结束日期", "计费结束日期", "终止日期", "结束日期"},
			Role: sheet.RoleProof, Required: true,
		},
		{Key: colAmount, Names: []string{"应收金额", "应收", "应缴金额", "应收款", "账单金额"}},
		{Key: colPaid, Names: []string{"已收金额", "已收", "实收金额", "已缴金额", "已付金额"}},
		{Key: colOwed, Names: []string{"欠费金额", "欠费", "未收金额", "未缴金额", "欠缴金额", "欠款"}},
		{
			Key: colDue, Names: []string{"缴费截止日", "缴费截止日期", "截止日", "应缴日期", "应收日期", "到期日", "缴费期限", "最后缴费日"},
			Role: sheet.RoleProof, Required: true,
		},
	}
}

// read reads a row. The due day is required: late fee counts from it, and an
// invented day would be a claim that nobody can prove.
func (t *arrearsTable) read(row *sheet.Row) arrearsRow {
	r := arrearsRow{roomRef: t.roomRef(row), item: t.requiredName(row, colItem, 40)}
	days := bounds{years: yearsAhead}
	r.period = calc.Days{From: t.within(row, colFrom, t.requiredDate(row, colFrom), days)}
	r.period.To = t.within(row, colTo, t.requiredDate(row, colTo), days)
	if r.period.To != 0 && r.period.Empty() {
		t.addMistake(row.Mistake(colTo, "早于账期开始"))
	}
	r.due = t.within(row, colDue, t.requiredDate(row, colDue), bounds{years: dueYearsAhead})
	t.amounts(&r)
	return r
}

// amounts reads the three amounts, which the file states in yuan. Any two of them
// determine the third. For example, billed 100.00 and owed 40.00 means that 60.00 was
// paid. If a cell is a mistake by itself, the sum is not checked, so that one slip is
// reported once.
func (t *arrearsTable) amounts(r *arrearsRow) {
	before := len(t.mistakes)
	amount, hasAmount := t.fen(r.row, colAmount)
	paid, hasPaid := t.fen(r.row, colPaid)
	owed, hasOwed := t.fen(r.row, colOwed)
	if len(t.mistakes) > before {
		return
	}
	switch {
	case hasAmount && hasPaid && hasOwed:
		if amount-paid != owed {
			t.addMistake(r.row.Mistake(colOwed, "应收减已收不等于欠费"))
		}
	case hasAmount && hasPaid:
	case hasAmount && hasOwed:
		paid = amount - owed
	case hasPaid && hasOwed:
		amount = paid + owed
	default:
		t.addMistake(r.row.Mistake(colOwed, "应收、已收、欠费三项至少填两项"))
		return
	}
	if paid > amount || paid < 0 {
		t.addMistake(r.row.Mistake(colPaid, "已收超过应收"))
	}
	r.principal, r.paid = amount, paid
}

// end reports bills that are twice in the file, and periods of one room and item that
// overlap. The spans are collected by the comparing pass only. The writing pass reads the
// same content and need not repeat the check.
func (t *arrearsTable) end() error {
	t.seen.conflicts(func(row, earlier int32, same bool) {
		reason := "账期与%s重叠"
		if same {
			reason = "与%s是同一账单"
		}
		t.addMistakeAt(row, colFrom, fmt.Sprintf(reason, t.rowName(earlier, row)))
	})
	return nil
}

// batch finds out which bills are new and adds them.
func (t *arrearsTable) batch(rows []arrearsRow) error {
	refs := make([]roomRef, len(rows))
	for i, r := range rows {
		refs[i] = r.roomRef
	}
	rooms, err := t.findRooms(refs)
	if err != nil {
		return err
	}
	for i := range rows {
		if rooms[i].ID == "" {
			continue
		}
		if rows[i].item, err = t.itemOf(rooms[i].CommunityID, rows[i].item); err != nil {
			return err
		}
	}
	bills, err := t.existingBills(rows, rooms)
	if err != nil {
		return err
	}
	var fresh []arrearsRow
	var freshRooms []estate.Room
	for i, r := range rows {
		if rooms[i].ID != "" {
			t.result.Stated.add(r.principal, r.paid)
			t.addHidden(r.row, r.principal, r.paid)
		}
		switch {
		case rooms[i].ID == "":
		case r.principal == r.paid:
			// A paid bill is no opening arrear: the books begin with what is owed.
			t.decide(r.row, leftOut)
			t.warn(r.row.Mistake(colOwed, "已经缴清，未导入"))
		case t.isNew(r, rooms[i], bills[rooms[i].ID]):
			t.decide(r.row, added)
			t.result.Taken.add(r.principal, r.paid)
			fresh, freshRooms = append(fresh, r), append(freshRooms, rooms[i])
		}
	}
	if !t.write || len(fresh) == 0 {
		return nil
	}
	return t.insert(fresh, freshRooms)
}

// existingBills returns, by room, the bills that the rows may conflict with. It looks
// them up together for all rows of the batch, for the days from the earliest start to
// the latest end, so that it also returns bills that no row touches; isNew passes over
// these.
func (t *arrearsTable) existingBills(rows []arrearsRow, rooms []estate.Room) (map[string][]fees.BillBrief, error) {
	var ids []string
	all := rows[0].period
	known := map[string]bool{}
	for i, r := range rows {
		all = calc.Days{From: min(all.From, r.period.From), To: max(all.To, r.period.To)}
		if id := rooms[i].ID; id != "" && !known[id] {
			known[id] = true
			ids = append(ids, id)
		}
	}
	bills, err := fees.BillBriefs(t.tx, ids, all.From, all.To)
	if err != nil {
		return nil, err
	}
	var void []string
	for _, list := range bills {
		for _, b := range list {
			if b.Void && b.Source == fees.SourceImport {
				void = append(void, b.ID)
			}
		}
	}
	t.takenBack, err = fees.BillsTakenBack(t.tx, void)
	return bills, err
}

// isNew reports whether the row's bill is to be added. If not, it counts the row or
// records the mistake.
//
// A void bill leaves its period free, so that it conflicts with nothing. It only matters
// if no other bill decides: a bill that was voided and issued anew is compared with the
// new one.
func (t *arrearsTable) isNew(r arrearsRow, room estate.Room, there []fees.BillBrief) bool {
	if !t.write {
		t.seen.add(keyOf(room.ID, r.item), r.period.From, r.period.To, r.row)
	}
	void := false
	for _, b := range there {
		period := calc.Days{From: b.PeriodStart, To: b.PeriodEnd}
		if b.Item != r.item || !period.Overlaps(r.period) {
			continue
		}
		same := period == r.period
		equal := same && b.PrincipalFen == r.principal && b.OpeningPaidFen == r.paid && b.DueOn == r.due
		switch {
		case b.Void:
			void = void || equal && b.Source == fees.SourceImport && !t.takenBack[b.ID]
		case equal:
			t.decide(r.row, unchanged)
			return false
		case same:
			t.addMistake(r.row.Mistake(colAmount, "系统中已有该账期的账单，金额或缴费截止日不同；已出的账单不能由导入修改"))
			return false
		default:
			t.addMistake(r.row.Mistake(colFrom, fmt.Sprintf("与系统中 %s 至 %s 的账单重叠", b.PeriodStart, b.PeriodEnd)))
			return false
		}
	}
	if void {
		// Staff voided this very bill. The old file must not add it again.
		t.decide(r.row, leftOut)
		t.warn(r.row.Mistake(colAmount, "该账单已被作废，未重新导入"))
		return false
	}
	return true
}

// insert writes the bills and their opening entries in the journal. What is outstanding
// is debited to the receivables; what was paid before never passed through these books
// and has no entry.
func (t *arrearsTable) insert(rows []arrearsRow, rooms []estate.Room) error {
	ids := make([]string, len(rooms))
	for i, r := range rooms {
		ids[i] = r.ID
	}
	holdings, err := estate.OwnerTenuresOfRooms(t.tx, ids)
	if err != nil {
		return err
	}
	bills, lines := make([]fees.Bill, len(rows)), make([]money.JournalLine, len(rows))
	for i, r := range rows {
		b, err := t.bill(r, rooms[i])
		if err != nil {
			return err
		}
		// The owner of that time owes the bill, even if the room has changed hands
		// since. If the books know no owner of that time, today's owner, or before the
		// handover the future one, stands in for them.
		b.OwnerID = billing.OwnerOf(billing.TenurePeriodsOf(holdings[rooms[i].ID]), r.period)
		if h := billing.CurrentTenure(holdings[rooms[i].ID], t.tx.Today()); b.OwnerID == "" && h != nil {
			b.OwnerID = h.OwnerID
		}
		bills[i] = b
		lines[i] = money.JournalLine{Kind: money.JournalOpening, Debit: money.AccountReceivable, Credit: money.AccountOpening,
			AmountFen: b.OutstandingFen(), CommunityID: b.CommunityID, RoomID: b.RoomID, BillID: b.ID}
	}
	if _, err := fees.InsertBills(t.tx, bills, false); err != nil {
		return err
	}
	for i := range bills {
		t.addsRows("bills", bills[i].ID)
	}
	return money.Journal(t.tx, lines)
}

// bill returns the bill of a row. Its late-fee rule is the community's, never a
// tariff's, because nobody knows under which tariff it was issued.
func (t *arrearsTable) bill(r arrearsRow, room estate.Room) (fees.Bill, error) {
	rule, err := t.lateRule(room.CommunityID)
	if err != nil {
		return fees.Bill{}, err
	}
	b := fees.Bill{ID: models.NewID(), CommunityID: room.CommunityID, RoomID: room.ID, Item: r.item,
		PeriodStart: r.period.From, PeriodEnd: r.period.To, DueOn: r.due, Status: fees.BillUnpaid,
		// The file does not say when the bill was issued; by its due day at the latest.
		IssuedOn:     min(r.due, t.tx.Today()),
		PrincipalFen: r.principal, OpeningPaidFen: r.paid, PaidPrincipalFen: r.paid,
		Basis: `{"kind":"opening"}`, Source: fees.SourceImport, CreatedAt: t.tx.Now, UpdatedAt: t.tx.Now}
	if r.paid > 0 {
		b.Status = fees.BillPartial
	}
	b.SetLateRule(rule)
	return b, nil
}
