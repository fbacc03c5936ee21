package collection

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"wuyepay/billing/sheet"
	"wuyepay/models"
	"wuyepay/models/desk"
	"wuyepay/models/office"
	"wuyepay/models/store"
	"wuyepay/payment"
)

// Formats of the file for the bank. Both have the same rows; amounts are yuan with two
// decimals.
const (
	CollectionXLSX = "xlsx"
	CollectionCSV  = "csv" // UTF-8 with a byte order mark, as spreadsheets want it
)

// collectionHeader is the layout of the file for the bank, and of its answer. 结果,
// 失败原因 and 扣款日期 are blank in the export, for the bank to fill in. The playbook
// promises this order to companies, so it must not change.
var collectionHeader = []string{"批次号", "序号", "协议号", "开户行", "户名", "账号", "金额", "房号", "摘要", "结果", "失败原因", "扣款日期"}

// ErrCollectionCancelled is returned for the file of a batch that was taken back: its
// bills may be in another batch, and the bank would collect them twice.
var ErrCollectionCancelled = models.Refusal(models.KindConflict, "COLLECTION_CANCELLED", "该批次已撤销")

// Export writes the file of a batch for the bank, with names and account numbers in full,
// and audits who has taken it. From then on the bank may collect, and the batch can no
// longer be cancelled. It may be exported again, with the same lines and amounts; the
// batch keeps the name and the time of the first export. A format other than
// [CollectionCSV] is written as xlsx.
//
// The batch is marked as sent before the first byte is written. If writing fails, it stays
// sent and is exported again: the other order could leave a file with the bank of a batch
// that can still be cancelled.
//
// It returns [ErrCollectionCancelled], and [models.ErrNotFound] for an unknown batch. It
// fails if an account was sealed with another data key.
func Export(ctx context.Context, s *payment.Service, by models.Actor, id, format string, w io.Writer) error {
	var b desk.CollectionBatch
	var rows [][]any
	err := s.DB.Write(ctx, func(tx *store.Tx) (err error) {
		if b, err = desk.LockCollection(tx, id); err != nil {
			return err
		}
		if b.Status == desk.CollectionCancelled {
			return ErrCollectionCancelled
		}
		if _, err := desk.SendCollection(tx, id, by); err != nil {
			return err
		}
		if rows, err = collectionRows(tx, &b); err != nil {
			return err
		}
		return office.Audit(tx, by, "collection.exported", "collection_batch", id, map[string]any{
			"number": b.Number, "lines": b.LineCount, "format": format,
		})
	})
	if err != nil {
		return err
	}
	if format == CollectionCSV {
		return writeCSV(w, rows)
	}
	return writeXLSX(w, b.Number, rows)
}

// collectionRows returns the rows of a batch in the order of their numbers, in the layout
// of collectionHeader. Each shows the agreement of its line, also one that has ended
// since: the batch was made under it. Amounts are still [models.Fen].
func collectionRows(tx *store.Tx, b *desk.CollectionBatch) ([][]any, error) {
	var out [][]any
	after := 0
	for {
		page, err := desk.CollectionList(tx, b.ID, "", after, 500)
		if err != nil {
			return nil, err
		}
		for _, l := range page {
			m, err := desk.MandateByID(tx, l.MandateID)
			if err != nil {
				return nil, err
			}
			holder, account, err := desk.OpenMandate(tx, &m)
			if err != nil {
				return nil, err
			}
			out = append(out, []any{
				b.Number, l.Number, m.AgreementNo, m.BankName, holder, account, l.AmountFen, l.Room.Code,
				"物业费 " + strconv.Itoa(l.Bills) + " 笔", "", "", "",
			})
			after = l.Number
		}
		if len(page) < 500 {
			return out, nil
		}
	}
}

// writeXLSX writes the rows as a workbook with one sheet, named by the number of the
// batch. Amounts become numbers of yuan. It copies each row, which belongs to the caller.
func writeXLSX(w io.Writer, number string, rows [][]any) error {
	out, err := sheet.NewWriter(w, number, collectionHeader)
	if err != nil {
		return err
	}
	for _, row := range rows {
		cells := append([]any{}, row...)
		if amount, ok := row[6].(models.Fen); ok {
			cells[6] = sheet.Yuan(amount)
		}
		if err := out.Row(cells...); err != nil {
			_ = out.Close() // frees what it holds; the first error counts
			return err
		}
	}
	return out.Close()
}

// formulaStarts are the characters by which a spreadsheet takes a text for a formula to
// compute, or drops one to find the next: an apostrophe in front keeps it a text. No amount
// or account number is changed by this, because they begin with a digit.
const formulaStarts = "=+-@\t\r\n＝＋－＠"

// writeCSV writes the rows as csv. Without the byte order mark, Excel on a Chinese Windows
// would read the file as GB18030.
func writeCSV(w io.Writer, rows [][]any) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	if err := out.Write(collectionHeader); err != nil {
		return err
	}
	for _, row := range rows {
		cells := make([]string, len(row))
		for i, c := range row {
			cells[i] = fmt.Sprint(c)
			if first, _ := utf8.DecodeRuneInString(cells[i]); strings.ContainsRune(formulaStarts, first) {
				cells[i] = "'" + cells[i]
			}
		}
		if err := out.Write(cells); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}
