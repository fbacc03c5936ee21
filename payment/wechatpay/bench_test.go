package wechatpay

import (
	"bytes"
	"context"
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// syntheticBill makes a bill of n payments in the real form, about 278 bytes a row.
func syntheticBill(n int) string {
	var b strings.Builder
	b.Grow(n * 300)
	b.WriteString("\ufeff" + tradeHeader + "\r\n")
	for i := range n {
		fmt.Fprintf(&b, "`2026-10-08 10:11:%02d,`wx8888888888888888,`1900000001,`0,`,`42000000012026100800%08d,"+
			"`01K9ABCDEFGHJKMNPQRS%06d,`oUpF8uMuAJO_M2pxb1Q9zNj%05d,"+
			"`JSAPI,`SUCCESS,`OTHERS,`CNY,`123.45,`0.00,`0,`0,`0.00,`0.00,`,`,"+
			"`物业费 3栋2单元1201 2026年10月,`,`0.74000,`0.60%%,`123.45,`0.00,`\r\n", i%60, i, i%1e6, i%1e5)
	}
	total := int64(n) * 12345
	fmt.Fprintf(&b, "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额\r\n`%d,`%d.%02d,`0.00,`0.00,`%d.%05d,`%d.%02d,`0.00\r\n",
		n, total/100, total%100, int64(n)*74000/100000, int64(n)*74000%100000, total/100, total%100)
	return b.String()
}

var benchRows = 200_000

var benchBill = sync.OnceValue(func() string { return syntheticBill(benchRows) })

// BenchmarkTradeRows is the whole reading: lines, columns, amounts, sums, callback.
func BenchmarkTradeRows(b *testing.B) {
	file := &BillFile{spoolOf(b, benchBill())}
	b.SetBytes(file.Size)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := file.Rows(context.Background(), func(*TradeRow) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*benchRows), "ns/row")
}

// BenchmarkTradeRowsFloorSplit is the least any reader must do: find the lines and split at the backticks.
func BenchmarkTradeRowsFloorSplit(b *testing.B) {
	file := spoolOf(b, benchBill())
	b.SetBytes(file.Size)
	fields := make([][]byte, 0, 64)
	for b.Loop() {
		data, err := os.ReadFile(file.file.Name())
		if err != nil {
			b.Fatal(err)
		}
		for len(data) > 0 {
			line, rest, _ := bytes.Cut(data, []byte("\r\n"))
			data, fields = rest, fields[:0]
			for len(line) > 0 {
				var field []byte
				field, line, _ = bytes.Cut(line, []byte(",`"))
				fields = append(fields, field)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*benchRows), "ns/row")
}

// BenchmarkTradeRowsFloorSHA1 is the hash that a download must compute.
func BenchmarkTradeRowsFloorSHA1(b *testing.B) {
	data := []byte(benchBill())
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		sha1.Sum(data)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*benchRows), "ns/row")
}

func BenchmarkParseNotification(b *testing.B) {
	c := newTestClient(b, testConfig("http://127.0.0.1:1"))
	header, body := notification(b, "TRANSACTION.SUCCESS", paidDirect, nil)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.ParseNotification(context.Background(), header, body); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkParseNotificationFloor is one RSA verification, one AES-GCM and two JSON decodings.
func BenchmarkParseNotificationFloor(b *testing.B) {
	header, body := notification(b, "TRANSACTION.SUCCESS", paidDirect, nil)
	signature, _ := base64.StdEncoding.DecodeString(header.Get("Wechatpay-Signature"))
	message := []byte(header.Get("Wechatpay-Timestamp") + "\n" + header.Get("Wechatpay-Nonce") + "\n" + string(body) + "\n")
	block, _ := aes.NewCipher([]byte(testKey))
	gcm, _ := cipher.NewGCM(block)
	b.ReportAllocs()
	for b.Loop() {
		sum := sha256.Sum256(message)
		if rsa.VerifyPKCS1v15(&keys().platform.PublicKey, crypto.SHA256, sum[:], signature) != nil {
			b.Fatal("signature")
		}
		var env envelope
		var w transactionWire
		if json.Unmarshal(body, &env) != nil {
			b.Fatal("envelope")
		}
		sealed, _ := base64.StdEncoding.DecodeString(env.Resource.Ciphertext)
		plain, err := gcm.Open(nil, []byte(env.Resource.Nonce), sealed, []byte(env.Resource.AssociatedData))
		if err != nil || json.Unmarshal(plain, &w) != nil {
			b.Fatal("plaintext")
		}
	}
}

func BenchmarkPayParams(b *testing.B) {
	c := newTestClient(b, testConfig("http://127.0.0.1:1"))
	for b.Loop() {
		if _, err := c.PayParams("wx201410272009395522657a690389285100"); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSignFloor is one RSA-2048 signature.
func BenchmarkSignFloor(b *testing.B) {
	sum := sha256.Sum256([]byte("x"))
	for b.Loop() {
		if _, err := rsa.SignPKCS1v15(rand.Reader, keys().merchant, crypto.SHA256, sum[:]); err != nil {
			b.Fatal(err)
		}
	}
}

// TestTradeRowsMemoryStaysFlat reads a bill much larger than the memory it may use.
func TestTradeRowsMemoryStaysFlat(t *testing.T) {
	file := &BillFile{spoolOf(t, syntheticBill(100_000))}
	runtime.GC()
	var before, now runtime.MemStats
	runtime.ReadMemStats(&before)
	most, n := uint64(0), 0
	_, err := file.Rows(context.Background(), func(*TradeRow) error {
		if n++; n%10_000 == 0 {
			runtime.GC()
			runtime.ReadMemStats(&now)
			most = max(most, now.HeapAlloc)
		}
		return nil
	})
	if err != nil || n != 100_000 {
		t.Fatalf("%d rows, %v", n, err)
	}
	if grown := int64(most) - int64(before.HeapAlloc); grown > 4<<20 {
		t.Errorf("reading %d bytes kept %d more in memory", file.Size, grown)
	}
}
