package main

import (
	"bufio"
	"compress/gzip"
	"context"
	"crypto/sha1"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"wuyepay/models"
	"wuyepay/models/money"
	"wuyepay/models/store"
)

const (
	dayAmount   = 12345 // fen, of every payment
	dayFee      = 74    // fen, of every payment
	missingRows = 3     // rows of the bill that our books lack: the join must find them
)

// bigDay is a day with many payments, equal on both sides except for the last few.
type bigDay struct {
	on models.Date
	n  int
}

func (d bigDay) orderNo(i int) string { return fmt.Sprintf("01K9ABCDEFGHJKMNPQRS%06d", i) }

// transaction returns a transaction number. The numbers are scattered, as on a real
// day: a bill that compresses too well would be too quick to unpack.
func (d bigDay) transaction(i int) string {
	const step, all = 7_368_787_319, 10_000_000_000 // no common factor, so that no number comes twice
	return fmt.Sprintf("4200000012%s%010d", d.on.Start().Format("20060102"), uint64(i)*step%all)
}

// pay writes our side of the day.
func (d bigDay) pay(ctx context.Context, cfg store.Config) (err error) {
	books, err := openBooks(cfg)
	if err != nil {
		return err
	}
	defer books.Close()
	w, err := makeWorld(ctx, books, openID)
	if err != nil {
		return err
	}
	homes, err := w.makeHomes(ctx, books, 1, 1)
	if err != nil {
		return err
	}
	db, err := openRaw(cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	room := homes[0].room
	at := d.on.Start().Add(10 * time.Hour).UnixMilli()
	return bulkInsert(ctx, db, "payments",
		"id, channel, order_no, transaction_id, merchant, community_id, room_id, user_id, amount_fen, source, paid_at, paid_on, booked_at",
		d.n-missingRows, func(i int) []any {
			return []any{fmt.Sprintf("01K9PAYMENT%015d", i), money.ChannelWechat, d.orderNo(i), d.transaction(i), merchantName,
				room.CommunityID, room.ID, w.user.ID,
				dayAmount, money.LearnedByCallback, at, d.on.String(), at}
		})
}

const (
	billHeader = "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态," +
		"商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注"
	sumHeader = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"
)

// writeBill writes WeChat's side of the day as a trade bill, about 280 bytes a row.
func (d bigDay) writeBill(w io.Writer) error {
	out := bufio.NewWriterSize(w, 256<<10)
	fmt.Fprintf(out, "\ufeff%s\r\n", billHeader)
	date := d.on.String()
	random := rand.New(rand.NewPCG(1, 2))
	for i := range d.n {
		payer := fmt.Sprintf("o%011x%016x", random.Uint64()>>20, random.Uint64())
		fmt.Fprintf(out, "`%s %02d:%02d:%02d,`%s,`%s,`0,`,`%s,`%s,`%s,`JSAPI,`SUCCESS,`OTHERS,`CNY,`123.45,`0.00,`0,`0,`0.00,`0.00,`,"+
			"`,`物业费 3栋2单元1201 2026年10月,`,`0.74000,`0.60%%,`123.45,`0.00,`\r\n",
			date, 8+random.IntN(14), random.IntN(60), random.IntN(60), appID, mchID, d.transaction(i), d.orderNo(i), payer)
	}
	total, fee := int64(d.n)*dayAmount, int64(d.n)*dayFee
	fmt.Fprintf(out, "%s\r\n`%d,`%d.%02d,`0.00,`0.00,`%d.%02d000,`%d.%02d,`0.00\r\n", sumHeader, d.n, total/100, total%100, fee/100,
		fee%100, total/100, total%100)
	return out.Flush()
}

// writeFlow writes the fund-flow bill of the same day, about 210 bytes a row. Each
// payment has two rows: the takings and the fee.
func (d bigDay) writeFlow(w io.Writer) error {
	out := bufio.NewWriterSize(w, 256<<10)
	fmt.Fprintf(out, "\ufeff%s\r\n", flowHeader)
	date := d.on.String()
	random := rand.New(rand.NewPCG(3, 4))
	balance := int64(100_000_000)
	for i := range d.n {
		at := fmt.Sprintf("%s %02d:%02d:%02d", date, 8+random.IntN(14), random.IntN(60), random.IntN(60))
		balance += dayAmount
		fmt.Fprintf(out, "`%s,`%s,`%s,`交易,`交易,`收入,`123.45,`%d.%02d,`%sAPI,`结算总金额123.45元,`%s\r\n", at, d.transaction(i), d.transaction(i),
			balance/100, balance%100, mchID, d.orderNo(i))
		balance -= dayFee
		fmt.Fprintf(out, "`%s,`%s,`%s,`交易手续费,`扣除交易手续费,`支出,`0.74,`%d.%02d,`%sAPI,`,`%s\r\n", at, d.transaction(i), d.transaction(i),
			balance/100, balance%100, mchID, d.orderNo(i))
	}
	in, fee := int64(d.n)*dayAmount, int64(d.n)*dayFee
	fmt.Fprintf(out, "%s\r\n`%d,`%d,`%d.%02d,`%d,`%d.%02d\r\n", flowSumHeader, 2*d.n, d.n, in/100, in%100, d.n, fee/100, fee%100)
	return out.Flush()
}

const (
	flowHeader    = "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号"
	flowSumHeader = "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额"
)

// billFile is one of the two bills. It is written and packed before the measurement
// begins.
type billFile struct {
	plain  string // unpacked: what the floor reads
	packed string
	sha1   string
}

// billDesk serves the bills of the day as WeChat does.
type billDesk struct {
	bed         *bed
	url         string
	trade, flow billFile
	server      *http.Server
}

func (b *bed) makeBill(name string, write func(io.Writer) error) (f billFile, err error) {
	f = billFile{plain: filepath.Join(b.dir, name+".csv"), packed: filepath.Join(b.dir, name+".csv.gz")}
	plain, err := os.Create(f.plain)
	if err != nil {
		return f, err
	}
	defer plain.Close()
	packed, err := os.Create(f.packed)
	if err != nil {
		return f, err
	}
	defer packed.Close()
	hash, zip := sha1.New(), gzip.NewWriter(packed)
	err = errors.Join(write(io.MultiWriter(plain, hash, zip)), zip.Close())
	f.sha1 = hex.EncodeToString(hash.Sum(nil))
	return f, err
}

func (b *bed) openBillDesk(d bigDay) (*billDesk, error) {
	desk := &billDesk{bed: b}
	var err error
	if desk.trade, err = b.makeBill("trade", d.writeBill); err != nil {
		return nil, err
	}
	if desk.flow, err = b.makeBill("flow", d.writeFlow); err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	desk.url = "http://" + listener.Addr().String()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v3/bill/tradebill", desk.address("trade", &desk.trade))
	mux.HandleFunc("GET /v3/bill/fundflowbill", desk.address("flow", &desk.flow))
	mux.HandleFunc("GET /v3/billdownload/file", func(w http.ResponseWriter, r *http.Request) {
		file := desk.trade.packed
		if r.URL.Query().Get("token") == "flow" {
			file = desk.flow.packed
		}
		http.ServeFile(w, r, file)
	})
	desk.server = &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = desk.server.Serve(listener) }()
	return desk, nil
}

// address answers with the signed address of a bill.
func (d *billDesk) address(token string, file *billFile) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		body, err := json.Marshal(object{"hash_type": "SHA1", "hash_value": file.sha1,
			"download_url": "https://api.mch.weixin.qq.com/v3/billdownload/file?token=" + token + "&tartype=gzip"})
		timestamp, nonce := fmt.Sprint(time.Now().Unix()), models.NewID()
		signature, signErr := sign(d.bed.platform, timestamp, nonce, body)
		if err = errors.Join(err, signErr); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		for name, value := range map[string]string{"Content-Type": "application/json", "Wechatpay-Timestamp": timestamp,
			"Wechatpay-Nonce":     nonce,
			"Wechatpay-Signature": signature, "Wechatpay-Serial": publicKeyID, "Request-ID": nonce} {
			w.Header().Set(name, value)
		}
		_, _ = w.Write(body)
	}
}

func (d *billDesk) close() { _ = d.server.Close() }
