package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/shopspring/decimal"

	"wuyepay/billing/calc"
	"wuyepay/billing/intake"
	"wuyepay/billing/issuing"
	"wuyepay/models"
	"wuyepay/models/estate"
	"wuyepay/models/fees"
	"wuyepay/models/office"
	"wuyepay/models/store"
)

// demoCommunity is a small community of our own making: nobody in it exists.
const demoCommunity = "云杉苑"

const demoUser = "demo"

// loadDemo fills an empty development database with the demonstration community,
// when the sandbox is on. A database that holds anything is left alone.
func (a *app) loadDemo(ctx context.Context) error {
	if a.cfg.production() || !a.cfg.Sandbox.Enabled {
		return nil
	}
	existing, err := estate.Communities(a.db.View(ctx), "", 1)
	if err != nil || len(existing) > 0 {
		return err
	}
	return buildDemo(ctx, a.db, a.cfg.dataDir())
}

func cmdDemo(ctx context.Context, term terminal, cfg Config, _ []string) error {
	if cfg.production() {
		return errors.New("environment: production refuses the demonstration data")
	}
	return withDB(ctx, cfg, func(db *store.DB) error {
		if err := buildDemo(ctx, db, cfg.dataDir()); err != nil {
			return err
		}
		fmt.Fprintf(term.out, "demonstration community %s loaded\n", demoCommunity)
		return nil
	})
}

// buildDemo takes the community in the way a company's files come in, so that the
// demonstration shows what files do.
func buildDemo(ctx context.Context, db *store.DB, dir string) error {
	temp, err := os.MkdirTemp("", "wuyepay-demo")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp)
	by := models.SystemActor("demo")
	for _, f := range demoFiles(db.Today()) {
		path := filepath.Join(temp, f.kind+".csv")
		if err := os.WriteFile(path, []byte(f.text), 0o600); err != nil {
			return err
		}
		if _, err := intake.ImportFile(ctx, db, by, f.kind, path); err != nil {
			return fmt.Errorf("demonstration %s: %w", f.kind, err)
		}
	}
	year, month, _ := db.Today().Parts()
	if _, err := issuing.GenerateBills(ctx, db, by, calc.Period{Year: year, Month: month}, issuing.GenerateOptions{}); err != nil {
		return fmt.Errorf("demonstration bills: %w", err)
	}
	if err := demoStaff(ctx, db, by, dir); err != nil {
		return err
	}
	if err := demoSlips(ctx, db); err != nil {
		return fmt.Errorf("demonstration slips: %w", err)
	}
	return nil
}

// demoSlips offers the first owner slips to sign.
func demoSlips(ctx context.Context, db *store.DB) error {
	by, err := office.StaffByUsername(db.View(ctx), demoUser)
	if errors.Is(err, models.ErrNotFound) { // the account is there and disabled
		return nil
	}
	if err != nil {
		return err
	}
	c, err := estate.CommunityByName(db.View(ctx), demoCommunity)
	if err != nil {
		return err
	}
	room, err := estate.RoomByCode(db.View(ctx), c.ID, demoRooms[0].code())
	if err != nil {
		return err
	}
	for _, d := range []issuing.SlipDraft{
		{Kind: fees.SlipCleaning, Item: "保洁服务费", Title: "油烟机清洗", WorkedOn: db.Today() - 2, Lines: []issuing.SlipDraftLine{
			{Kind: fees.SlipService, Name: "油烟机拆洗", Quantity: "1", Unit: "台", Price: "180"}}},
		{Kind: fees.SlipRepair, Item: "维修服务费", Title: "更换厨房水龙头", WorkedOn: db.Today() - 1, Lines: []issuing.SlipDraftLine{
			{Kind: fees.SlipService, Name: "上门检修", Quantity: "1", Price: "30"},
			{Kind: fees.SlipPart, Name: "单冷水龙头 DN15", Quantity: "1", Price: "68"},
			{Kind: fees.SlipLabour, Name: "安装", Quantity: "0.5", Price: "60"}}},
	} {
		d.RoomID, d.DueDays, d.FormKey = room.ID, issuing.DefaultSlipDueDays, "demo-"+d.Kind+room.ID
		s, err := issuing.DrawSlip(ctx, db, by, d)
		if err != nil {
			return err
		}
		if err := issuing.OfferSlip(ctx, db, by, s.ID); err != nil {
			return err
		}
	}
	return nil
}

type demoFile struct{ kind, text string }

// demoFiles are rooms, tariffs, a meter each and arrears that end last month, so
// that late fee is to be seen on whatever day the demonstration is loaded. This
// month's bills come from a billing run.
func demoFiles(today models.Date) []demoFile {
	rooms := &strings.Builder{}
	fmt.Fprintln(rooms, "小区,房号,楼栋,单元,房间,物业类型,业主姓名,联系电话,建筑面积,收费单价,缴费周期,交房日期,房屋状态,管家")
	arrears := &strings.Builder{}
	fmt.Fprintln(arrears, "小区,房号,收费项目,账期起,账期止,应收金额,已收金额,欠费金额,缴费截止日")
	meters := &strings.Builder{}
	fmt.Fprintln(meters, "房号,表号,收费项目,上次读数,本次读数,倍率,抄表日期")
	year, month, _ := today.Parts()
	for i, r := range demoRooms {
		fmt.Fprintf(rooms, "%s,%s,A座,%d单元,%d,高层住宅,%s,%s,%s,0.80,月,2022-06-01,已入住,%s\n",
			demoCommunity, r.code(), r.unit, r.number, r.owner, r.phone, r.area, demoStewards[i%2])
		for back := r.owes; back >= 1; back-- {
			first := models.NewDate(year, month-1, 1)
			for range back - 1 {
				y, m, _ := (first - 1).Parts()
				first = models.NewDate(y, m, 1)
			}
			y, m, _ := first.Parts()
			last := models.NewDate(y, m+1, 1) - 1
			amount := r.monthly()
			fmt.Fprintf(arrears, "%s,%s,物业服务费,%s,%s,%s,0.00,%s,%s\n", demoCommunity, r.code(), first, last, amount, amount, first+14)
		}
		fmt.Fprintf(meters, "%s,W%04d,水费,%d,%d,1,%s\n", r.code(), i+1, 100+i*17, 112+i*18, today-1)
	}
	tariffs := "小区,收费项目,适用物业类型,计费方式,单价,阶梯,缴费周期,缴费截止日,违约金日利率,宽限天数,违约金上限,起始日期,截止日期\n" +
		demoCommunity + ",物业服务费,高层住宅,按面积,0.80,,月,15,0.003,0,,2022-01-01,\n" +
		demoCommunity + ",水费,,按表,,0-15:3.45;15-25:4.83;25-:5.83,月,25,0.0005,5,0.3,2022-01-01,\n"
	return []demoFile{{"rooms", rooms.String()}, {"tariffs", tariffs}, {"meters", meters.String()}, {"arrears", arrears.String()}}
}

type demoRoom struct {
	unit, number       int
	owner, phone, area string
	owes               int // months
}

func (r demoRoom) code() string { return fmt.Sprintf("A-%d-%d", r.unit, r.number) }

// monthly is the monthly fee as the file has it.
func (r demoRoom) monthly() models.Fen {
	fen, err := calc.ByArea(decimal.RequireFromString(r.area), decimal.RequireFromString("0.80"), calc.WholeMonths(1))
	if err != nil { // the table below is ours
		panic(err)
	}
	return fen
}

var demoStewards = []string{"林晓梅", "陈涛"}

var demoRooms = []demoRoom{
	{unit: 1, number: 101, owner: "王建国", phone: "13900000001", area: "137.52", owes: 4},
	{unit: 1, number: 102, owner: "李秀英", phone: "13900000002", area: "96.30", owes: 0},
	{unit: 1, number: 201, owner: "张伟", phone: "13900000003", area: "88.00", owes: 1},
	{unit: 1, number: 202, owner: "刘洋", phone: "13900000004", area: "137.52", owes: 2},
	{unit: 2, number: 101, owner: "陈静", phone: "13900000005", area: "61.25", owes: 0},
	{unit: 2, number: 102, owner: "杨帆", phone: "13900000006", area: "95.37", owes: 7},
	{unit: 2, number: 201, owner: "赵敏", phone: "13900000007", area: "120.10", owes: 0},
	{unit: 2, number: 202, owner: "王建国", phone: "13900000001", area: "45.00", owes: 1},
}

// demoStaff makes an account with a password of its own for this machine, and
// keeps it beside the database for the terminal to show.
func demoStaff(ctx context.Context, db *store.DB, by models.Actor, dir string) error {
	password := rand.Text()[:12]
	hash, err := office.HashPassword(password)
	if err != nil {
		return err
	}
	err = db.Write(ctx, func(tx *store.Tx) error {
		return office.AddStaff(tx, by, &office.Staff{Username: demoUser, Name: "演示管理员", Role: office.RoleAdmin, PasswordHash: hash})
	})
	if errors.Is(err, office.ErrUsernameTaken) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return os.WriteFile(demoPasswordFile(dir), []byte(password+"\n"), 0o600)
}

func demoPasswordFile(dir string) string { return filepath.Join(dir, "demo-password.txt") }

// greet tells a newcomer on the terminal where to go and how to sign in.
func (a *app) greet(out io.Writer, address string) {
	fmt.Fprintf(out, "\nWuyepay listens on %s\n\n", address)
	if a.cfg.production() {
		return
	}
	url := a.cfg.Server.PublicURL
	fmt.Fprintf(out, "  API and its documentation  %s/docs\n  Staff console              %s/staff/\n", url, url)
	if password, err := os.ReadFile(demoPasswordFile(a.cfg.dataDir())); err == nil {
		fmt.Fprintf(out, "    sign in as %s, password %s\n", demoUser, strings.TrimSpace(string(password)))
	} else {
		fmt.Fprintln(out, "    make the first account: go run ./server staff add --username NAME --role admin")
	}
	if !a.cfg.Sandbox.Enabled {
		return
	}
	fmt.Fprintf(out, "  The owner's phone          %s/\n", a.cfg.Wechatpay.BaseURL)
	fmt.Fprintf(out, `
  As an owner (the sandbox takes dev-… as a login and phone-… as a phone code):
    curl -s %[1]s/api/v1/session -H 'Content-Type: application/json' -d '{"code":"dev-wang"}'
    curl -s %[1]s/api/v1/phone -H 'Content-Type: application/json' -H 'Authorization: Bearer TOKEN' -d '{"code":"phone-13900000001"}'

`, url)
}
