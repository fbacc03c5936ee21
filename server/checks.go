package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"wuyepay/console"
	"wuyepay/models/office"
	"wuyepay/payment/wechatpay"
	"wuyepay/wechat"
)

// checkFor bounds each question of the settings check. Tests wait longer.
var checkFor = 5 * time.Second

// checks asks, each time anew, what the settings page shows: nothing on it is
// green that did not answer just now.
func (a *app) checks(ctx context.Context) []console.Check {
	asks := []func(context.Context) console.Check{a.checkDatabase, a.checkAddress, a.checkMiniprogram, a.checkTemplates}
	for _, name := range a.pay.MerchantNames() {
		asks = append(asks, func(ctx context.Context) console.Check { return a.checkMerchant(ctx, name) })
	}
	for _, job := range []string{"reconcile", "check"} {
		asks = append(asks, func(ctx context.Context) console.Check { return a.checkJob(ctx, job) })
	}
	ctx, cancel := context.WithTimeout(ctx, checkFor)
	defer cancel()
	out := make([]console.Check, len(asks))
	var all sync.WaitGroup
	for i, ask := range asks {
		all.Go(func() { out[i] = ask(ctx) })
	}
	all.Wait()
	return out
}

func (a *app) checkDatabase(ctx context.Context) console.Check {
	c := console.Check{Name: "数据库", OK: true, Text: a.cfg.Database.Driver + "，结构为当前版本"}
	if err := a.db.Ready(ctx); err != nil {
		c.OK, c.Text = false, "数据库没有应答，或结构不是当前版本"
	}
	return c
}

func (a *app) checkAddress(context.Context) console.Check {
	c := console.Check{Name: "对外地址", OK: strings.HasPrefix(a.cfg.Server.PublicURL, "https://"), Text: a.cfg.Server.PublicURL}
	if !c.OK {
		c.Text += "（微信支付只回调 https 地址）"
		c.OK = a.cfg.Sandbox.Enabled
	}
	return c
}

// checkMiniprogram signs in with a code that cannot be right: that it is the code
// which is refused shows that app id and secret are good.
func (a *app) checkMiniprogram(ctx context.Context) console.Check {
	c := console.Check{Name: "小程序", OK: true, Text: "微信已应答，AppID 与密钥有效"}
	if _, err := a.mini.Login(ctx, "settings-check"); !errors.Is(err, wechat.ErrCodeInvalid) {
		c.OK, c.Text = false, fmt.Sprintf("微信没有认可：%v", wechat.KindOf(err))
	}
	return c
}

func (a *app) checkTemplates(context.Context) console.Check {
	var missing []string
	for key, t := range a.cfg.Miniprogram.Templates {
		if t.ID == "" {
			missing = append(missing, key)
		}
	}
	if len(missing) == 0 {
		return console.Check{Name: "订阅消息模板", OK: true, Text: fmt.Sprintf("已配置 %d 个模板", len(a.cfg.Miniprogram.Templates))}
	}
	slices.Sort(missing)
	return console.Check{Name: "订阅消息模板", Text: "未配置：" + strings.Join(missing, "、")}
}

// checkMerchant asks for an order that does not exist: the signed answer that it
// does not shows that the keys of both sides are good.
func (a *app) checkMerchant(ctx context.Context, name string) console.Check {
	c := console.Check{Name: "微信支付商户 " + name, OK: true, Text: "微信支付已应答，双方签名有效"}
	if err := a.pay.Probe(ctx, name); !errors.Is(err, wechatpay.ErrOrderNotExist) {
		c.OK, c.Text = false, fmt.Sprintf("微信支付没有认可：%v", wechatpay.KindOf(err))
	}
	return c
}

func (a *app) checkJob(ctx context.Context, job string) console.Check {
	names := map[string]string{"reconcile": "每日对账", "check": "每夜账目自查"}
	c := console.Check{Name: names[job]}
	last, err := office.LastJobRun(a.db.View(ctx), job)
	switch {
	case err != nil:
		c.Text = "查询失败"
	case last.Slot == "":
		c.Text = "还没有运行过"
	default:
		c.OK, c.Text = true, "最近完成："+last.Slot
	}
	return c
}
