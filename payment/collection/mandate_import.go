package collection

import (
	"context"
	"io"

	"wuyepay/billing/sheet"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/office"
	"wuyepay/models/store"
	"wuyepay/payment"
)

// File is a table to take in, xlsx or csv: a file on disk or an upload. It must not change
// while it is read, which happens more than once: for its kind and its rows, and for the
// hash of a bank's answer.
type File struct {
	Name    string
	Content io.ReaderAt
	Size    int64 // bytes
}

// The columns of files of bank collection, with the names that companies and banks use
// for them; the first one is that of our own export. Required is what the bank's answer
// must have. A file of agreements requires others; see [required].
var (
	columnBatch     = sheet.Column{Key: "batch", Names: []string{"批次号", "批号", "批次"}}
	columnNumber    = sheet.Column{Key: "number", Names: []string{"序号", "顺序号", "编号"}, Required: true}
	columnAgreement = sheet.Column{Key: "agreement", Names: []string{"协议号", "合同号", "协议编号", "签约号", "客户协议号"}}
	columnBank      = sheet.Column{Key: "bank", Names: []string{"开户行", "开户银行", "银行", "银行名称"}}
	columnHolder    = sheet.Column{Key: "holder", Names: []string{"户名", "账户名", "账户名称", "付款人", "姓名"}}
	columnAccount   = sheet.Column{Key: "account", Names: []string{"账号", "银行账号", "卡号", "付款账号", "帐号"}}
	columnAmount    = sheet.Column{Key: "amount", Names: []string{"金额", "扣款金额", "应扣金额", "托收金额"}, Required: true}
	columnRoom      = sheet.Column{Key: "room", Names: []string{"房号", "房间号", "房屋编号", "房产编号", "单元房号"}}
	columnResult    = sheet.Column{Key: "result", Names: []string{"结果", "扣款结果", "处理结果", "状态", "扣款状态"}, Required: true}
	columnReason    = sheet.Column{Key: "reason", Names: []string{"失败原因", "原因", "备注", "处理信息", "返回信息"}}
	columnPaidOn    = sheet.Column{Key: "paid_on", Names: []string{"扣款日期", "入账日期", "交易日期", "处理日期"}}
)

// required returns a copy of a column that a file must have.
func required(c sheet.Column) sheet.Column {
	c.Required = true
	return c
}

// maxMandates is how many agreements a file may hold. They are registered in one
// transaction, which must not grow without limit.
const maxMandates = 20_000

// ImportMandates registers the agreements of a file for a community: all of them, or
// with a mistake anywhere ([sheet.Mistakes], [*sheet.FileError]) none. The same file
// again changes nothing. It returns the number of rows, and of those that changed
// something. Rooms that the file does not name keep their agreements.
//
// Rows are registered one after the other, and a number must be free when its row comes:
// a file in which two rooms exchange their numbers is refused with
// [desk.ErrMandateTwice]. End one of the two agreements first.
func ImportMandates(ctx context.Context, s *payment.Service, by models.Actor, communityID string, f File) (rows, changed int, err error) {
	list, mistakes, err := readMandates(s.DB.View(ctx), communityID, f)
	if err != nil {
		return 0, 0, err
	}
	if len(mistakes) > 0 {
		return 0, 0, mistakes
	}
	// The file was read outside the transaction. What changed since, such as the owner of
	// a room, is read again by setMandate.
	err = s.DB.Write(ctx, func(tx *store.Tx) error {
		changed = 0
		for _, req := range list {
			did, err := setMandate(tx, by, office.AllRooms(), req)
			if err != nil {
				return err
			}
			if did {
				changed++
			}
		}
		return nil
	})
	return len(list), changed, err
}

// readMandates reads the rows and finds their rooms. It returns the requests in the order
// of the file with all mistakes of it; with mistakes the requests must not be used.
func readMandates(view *store.Tx, communityID string, f File) (list []MandateRequest, mistakes sheet.Mistakes, err error) {
	r, err := sheet.OpenReader(f.Name, f.Content, f.Size,
		[]sheet.Column{
			required(columnRoom), required(columnAgreement), required(columnBank), required(columnHolder), required(columnAccount),
		})
	if err != nil {
		return nil, nil, err
	}
	defer r.Close()
	seen := map[string]bool{} // rooms and agreements
	for {
		row, err := r.Next()
		if err == io.EOF { //nolint:errorlint // Next returns it bare
			return list, mistakes, nil
		}
		if err != nil {
			return nil, nil, err
		}
		req := MandateRequest{
			AgreementNo: row.Text("agreement"), BankName: row.Text("bank"), Holder: row.Text("holder"), Account: row.Text("account"),
		}
		wrong, err := mandateRow(view, communityID, row, &req, seen)
		if err != nil {
			return nil, nil, err
		}
		mistakes = append(mistakes, wrong...)
		if list = append(list, req); len(list) > maxMandates {
			return nil, nil, &sheet.FileError{File: f.Name, Row: row.Number(), Reason: "行数过多，请拆分后再导入"}
		}
	}
}

// mandateRow finds the room of a row, sets it in req, and returns the mistakes of the row.
// seen holds the rooms and the numbers of the rows before: a second row of a room would
// silently replace the first. An error is one of the database, not of the row.
func mandateRow(view *store.Tx, communityID string, row *sheet.Row, req *MandateRequest, seen map[string]bool) (sheet.Mistakes, error) {
	var out sheet.Mistakes
	if req.check() != nil {
		out = append(out, row.Mistake("account", "协议号、开户行、户名不能为空，账号应为 8 至 32 位数字（在表格中请设为文本格式）"))
	}
	room, err := estate.RoomByCode(view, communityID, row.Text("room"))
	switch e, refused := models.AsError(err); {
	case refused && e.Kind == models.KindNotFound:
		out = append(out, row.Mistake("room", "该小区没有这个房号"))
	case err != nil:
		return nil, err
	default:
		req.RoomID = room.ID
		if _, err := presentOwner(view, room.ID); err != nil {
			if _, refused := models.AsError(err); !refused {
				return nil, err
			}
			out = append(out, row.Mistake("room", "这套房产没有登记现业主"))
		}
		if seen["room "+room.ID] {
			out = append(out, row.Mistake("room", "文件中有重复的房号"))
		}
		seen["room "+room.ID] = true
	}
	if seen["agreement "+req.AgreementNo] {
		out = append(out, row.Mistake("agreement", "文件中有重复的协议号"))
	}
	seen["agreement "+req.AgreementNo] = true
	return out, nil
}
