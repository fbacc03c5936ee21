package intake

import (
	"fmt"
	"hash/maphash"
	"slices"

	"wuyepay/models/fees"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// Standing says why a row of an import cannot be taken back.
type Standing struct {
	What string // the row: 房产 1-1-101
	Why  string // what stands on it: 账单
}

func (s Standing) String() string { return s.What + "：" + s.Why }

// shownStandings is how many are named; all are counted.
const shownStandings = 10

// referring are the columns by which other rows refer to a row of a table. A reference of
// any table counts, also of one that is made later.
var referring = map[string][]string{
	"rooms": {"room_id"}, "owners": {"owner_id", "from_owner_id", "to_owner_id"}, "meters": {"meter_id", "replaces"},
	"readings": {"reading_id"}, "tariffs": {"tariff_id"}, "communities": {"community_id"}, "tenures": {"tenure_id"},
}

// passive are tables whose rows do not stand on what they refer to: the journal follows
// from bills and payments, fee items go with their community, and the others are notes.
var passive = map[string]bool{"journal": true, "import_holds": true, "import_runs": true, "audit": true, "fee_items": true}

// billReferring are what a bill cannot be voided under. A share link, a notice or an order
// that has ended does not matter to it.
var billReferring = []store.Reference{
	{Table: "allocations", Column: "bill_id", HasID: true}, {Table: "request_bills", Column: "bill_id"},
	{Table: "order_lines", Column: "open_bill_id"}, {Table: "collection_bills", Column: "open_bill_id"},
	{Table: "refund_lines", Column: "bill_id"},
}

// later are the tables whose rows stand on a row that an import has changed, if they are
// younger than the import.
var later = map[string]bool{"bills": true, "bindings": true, "transfers": true, "vacancies": true}

// tableWords name tables for staff.
var tableWords = map[string]string{
	"rooms": "房产", "owners": "业主", "tenures": "产权或租户登记", "tariffs": "收费标准", "meters": "表计", "readings": "读数", "bills": "账单",
	"communities": "小区", "bindings": "手机绑定", "transfers": "过户", "vacancies": "空置登记", "allocations": "缴费", "payments": "缴费",
	"orders": "订单", "order_lines": "未结束的订单", "requests": "申请", "request_bills": "申请", "collection_bills": "银行托收",
	"collection_lines": "银行托收", "refunds": "退款", "refund_lines": "退款", "bank_mandates": "托收协议", "charges": "公摊或一次性收费",
	"charge_lines": "公摊或一次性收费", "billing_runs": "账单批次", "meter_usages": "已计费的用量", "meter_multipliers": "倍率变更",
	"plans": "分期", "shares": "分享的账单", "prepaid_entries": "预存", "receipts": "收据", "notices": "通知", "holidays": "节假日",
	"room_changes": "资料变更", "further_phones": "业主电话", "slips": "有偿服务单", "developers": "建设单位",
}

func wordOf(table string) string {
	if w := tableWords[table]; w != "" {
		return w
	}
	return "其他记录"
}

// ids are ids of rows, eight bytes each.
type idSet struct {
	seed   maphash.Seed
	hashes []uint64
	sorted bool
}

func newIDSet() *idSet { return &idSet{seed: maphash.MakeSeed()} }

func (s *idSet) add(id string) {
	s.hashes, s.sorted = append(s.hashes, maphash.String(s.seed, id)), false
}

func (s *idSet) has(id string) bool {
	if s == nil || id == "" {
		return false
	}
	if !s.sorted {
		slices.Sort(s.hashes)
		s.sorted = true
	}
	_, ok := slices.BinarySearch(s.hashes, maphash.String(s.seed, id))
	return ok
}

// looker finds what stands on rows of an import.
type looker struct {
	tx  *store.Tx
	run office.ImportRun
	own *idSet // rows that the import has added or changed, which go with it; nil if these are gone
}

// stands returns, by id, why rows of one table cannot be taken back.
func (l looker) stands(table string, list []effect) (map[string]Standing, error) {
	out := map[string]Standing{}
	var ids, addedIDs, changedIDs []string
	for _, e := range list {
		ids = append(ids, e.ID)
		if e.Old == nil {
			addedIDs = append(addedIDs, e.ID)
		} else {
			changedIDs = append(changedIDs, e.ID)
		}
	}
	now, err := store.Images(l.tx, table, ids)
	if err != nil {
		return nil, err
	}
	note := func(id, why string) {
		if _, ok := out[id]; !ok {
			out[id] = Standing{What: nameOf(table, now[id]), Why: why}
		}
	}
	for _, e := range list {
		image := now[e.ID]
		if image == nil {
			if e.Old != nil {
				note(e.ID, "之后已被删除")
			}
			continue
		}
		restored := e.Old != nil && len(changedSince(e.Old, image)) == 0
		if len(changedSince(e.New, image)) > 0 && !restored && !voided(table, image) {
			note(e.ID, "之后又有修改")
		}
	}
	if table == "bills" {
		for _, ref := range billReferring {
			if err := l.refer(ref, addedIDs, "", note); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	for _, ref := range store.References(referring[table]...) {
		if passive[ref.Table] {
			continue
		}
		if err := l.refer(ref, addedIDs, "", note); err != nil {
			return nil, err
		}
		if later[ref.Table] && ref.HasID {
			if err := l.refer(ref, changedIDs, l.run.ID, note); err != nil {
				return nil, err
			}
		}
	}
	if table == "readings" {
		return out, l.laterReadings(list, note)
	}
	return out, nil
}

// refer notes the ids that a row refers to which is not the import's own and, if younger
// is an id, younger than that.
func (l looker) refer(ref store.Reference, ids []string, younger string, note func(id, why string)) error {
	return store.ReferringTo(l.tx, ref, ids, func(r store.Referring) bool {
		if !l.own.has(r.ID) && r.ID >= younger {
			note(r.Target, wordOf(ref.Table))
		}
		return true
	})
}

// laterReadings notes readings after which the meter was read again, other than by the
// import.
func (l looker) laterReadings(list []effect, note func(id, why string)) error {
	first := map[string]effect{}
	var meters []string
	for _, e := range list {
		meter, _ := e.New["meter_id"].(string)
		on, _ := e.New["read_on"].(string)
		have, ok := first[meter]
		if !ok {
			meters = append(meters, meter)
		}
		if before, _ := have.New["read_on"].(string); !ok || on < before {
			first[meter] = e
		}
	}
	readings, err := fees.ReadingsOfMeters(l.tx, meters)
	if err != nil {
		return err
	}
	mine := map[string]bool{}
	for _, e := range list {
		mine[e.ID] = true
	}
	for _, r := range readings {
		e := first[r.MeterID]
		if on, _ := e.New["read_on"].(string); !mine[r.ID] && !l.own.has(r.ID) && r.ReadOn.String() > on {
			note(e.ID, "之后的读数（"+r.ReadOn.String()+"）")
		}
	}
	return nil
}

// changedSince returns the columns in which a row differs from what is known of it, but for
// the instant of its last change and the balance that money moves.
func changedSince(known, now store.Image) []string {
	return slices.DeleteFunc(known.Differs(now), func(c string) bool { return c == "updated_at" || c == "prepaid_fen" })
}

// voided reports whether the row is a bill that is void.
func voided(table string, now store.Image) bool {
	return table == "bills" && now["status"] == fees.BillVoid
}

// nameOf names a row for staff, without personal data.
func nameOf(table string, image store.Image) string {
	text := func(column string) string { s, _ := image[column].(string); return s }
	switch table {
	case "rooms":
		return "房产 " + text("code")
	case "bills":
		return fmt.Sprintf("账单 %s %s 至 %s", text("item"), text("period_start"), text("period_end"))
	case "tariffs":
		return fmt.Sprintf("收费标准 %s %s 起", text("item"), text("from_on"))
	case "meters":
		return "表 " + text("serial")
	case "readings":
		return "读数 " + text("read_on")
	case "communities":
		return "小区 " + text("name")
	}
	return wordOf(table)
}
