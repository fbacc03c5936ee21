package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"strings"

	"wuyepay/billing"
	"wuyepay/billing/intake"
	"wuyepay/billing/issuing"
	"wuyepay/billing/metering"
	"wuyepay/models"
	"wuyepay/models/office"
	"wuyepay/models/proof"
	"wuyepay/models/store"
	"wuyepay/payment/receipt"
	"wuyepay/payment/reconcile"
)

// commandActor is who the audit log names for what is done by command.
var commandActor = models.SystemActor("command line")

// dispatch runs a command. An error that wraps errUsage is wrong usage.
func dispatch(ctx context.Context, term terminal, configFile string, args, environ []string) error {
	name := "serve"
	if len(args) > 0 {
		name, args = args[0], args[1:]
	}
	commands := map[string]func(context.Context, terminal, Config, []string) error{
		"serve": cmdServe, "migrate": cmdMigrate, "import": cmdImport, "bill": cmdBill, "reconcile": cmdReconcile,
		"remind": cmdRemind, "check": cmdCheck, "demo": cmdDemo, "staff": cmdStaff, "job": cmdJob,
		"transfer": cmdTransfer, "statement": cmdStatement, "meter": cmdMeter, "policy": cmdPolicy,
		"charge": cmdCharge, "vacancy": cmdVacancy, "adjust": cmdAdjust,
		"collection": cmdCollection, "late-rule": cmdLateRule, "tariff": cmdTariff,
		"holidays": cmdHolidays,
	}
	cmd, ok := commands[name]
	if !ok {
		return fmt.Errorf("%w: unknown command %q", errUsage, name)
	}
	if err := usageOf(name, args); err != nil {
		return err
	}
	cfg, err := loadConfig(configFile, environ)
	if err != nil {
		return err
	}
	return cmd(ctx, term, cfg, args)
}

// usageOf refuses wrong arguments before the configuration is even read.
func usageOf(name string, args []string) error {
	switch name {
	case "import":
		if len(args) > 0 && args[0] == intake.OldBills {
			_, err := shadowFlags(args[1:])
			return err
		}
		_, _, _, err := importArgs(args)
		return err
	case "holidays":
		_, err := holidayFlags(args)
		return err
	case "bill":
		_, err := billFlags(args)
		return err
	case "reconcile":
		_, err := dateFlag(name, args)
		return err
	case "staff":
		_, err := staffFlags(args)
		return err
	case "job":
		if len(args) != 1 || !isJob(args[0]) {
			return fmt.Errorf("%w: job wants one of %s", errUsage, strings.Join(jobNames, ", "))
		}
	case "transfer":
		_, err := transferFlags(args)
		return err
	case "statement":
		_, err := statementFlags(args)
		return err
	case "meter":
		_, err := meterFlags(args)
		return err
	case "collection":
		_, err := collectionFlags(args)
		return err
	case "policy":
		_, err := policyFlags(args)
		return err
	case "late-rule":
		_, err := lateRuleFlags(args)
		return err
	case "tariff":
		_, err := tariffFlags(args)
		return err
	case "charge":
		_, err := chargeFlags(args)
		return err
	case "vacancy":
		_, err := vacancyFlags(args)
		return err
	case "adjust":
		_, err := adjustFlags(args)
		return err
	default:
		if len(args) != 0 {
			return fmt.Errorf("%w: %s takes no arguments", errUsage, name)
		}
	}
	return nil
}

// dateFlag reads --date.
func dateFlag(name string, args []string) (models.Date, error) {
	fs := flag.NewFlagSet(name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	value := fs.String("date", "", "")
	if err := fs.Parse(args); err != nil || fs.NArg() != 0 || *value == "" {
		return 0, fmt.Errorf("%w: %s wants --date", errUsage, name)
	}
	day, err := models.ParseDate(*value)
	if err != nil {
		return 0, fmt.Errorf("%w: --date: %w", errUsage, err)
	}
	return day, nil
}

// explain is an error as the terminal shows it.
func explain(err error) string {
	if e, ok := models.AsError(err); ok {
		return e.Error()
	}
	return err.Error()
}

func cmdServe(ctx context.Context, term terminal, cfg Config, _ []string) error {
	log := newLogger(term.err)
	listener, err := net.Listen("tcp", cfg.Server.Listen)
	if err != nil {
		return listenFault("server.listen", cfg.Server.Listen, err)
	}
	defer listener.Close()
	a, err := newApp(ctx, cfg, log)
	if err != nil {
		return err
	}
	err = a.loadDemo(ctx)
	if err == nil {
		a.greet(term.out, listener.Addr().String())
		err = a.serve(ctx, listener)
	}
	return errors.Join(err, a.close())
}

func cmdMigrate(ctx context.Context, term terminal, cfg Config, _ []string) error {
	key, err := dataKey(&cfg)
	if err != nil {
		return err
	}
	db, err := store.Open(cfg.Database, key, cfg.clock())
	if err != nil {
		return err
	}
	defer db.Close()
	n, err := db.Migrate(ctx)
	if err != nil {
		return err
	}
	if err := db.BindMode(ctx, cfg.Sandbox.Enabled); err != nil {
		return err
	}
	fmt.Fprintf(term.out, "%d migrations applied; the schema is current\n", n)
	return nil
}

// withDB runs a command that needs the database alone.
func withDB(ctx context.Context, cfg Config, fn func(db *store.DB) error) error {
	db, err := openDatabase(ctx, &cfg)
	if err != nil {
		return err
	}
	return errors.Join(fn(db), db.Close())
}

func cmdReconcile(ctx context.Context, term terminal, cfg Config, args []string) error {
	day, err := dateFlag("reconcile", args)
	if err != nil {
		return err
	}
	return withApp(ctx, term, cfg, askWechat, func(a *app) error {
		reports, err := reconcile.Run(ctx, a.pay, day)
		out := json.NewEncoder(term.out)
		for _, r := range reports {
			err = errors.Join(err, out.Encode(r))
		}
		return err
	})
}

// withApp runs a command that needs the services; side says whether it asks
// anything of WeChat.
func withApp(ctx context.Context, term terminal, cfg Config, side wechatSide, fn func(a *app) error) error {
	a, err := buildApp(ctx, cfg, newLogger(term.err), side)
	if err != nil {
		return err
	}
	return errors.Join(fn(a), a.close())
}

func cmdRemind(ctx context.Context, term terminal, cfg Config, _ []string) error {
	return withApp(ctx, term, cfg, askWechat, func(a *app) error {
		r, err := a.reminder.Pass(ctx)
		return errors.Join(err, json.NewEncoder(term.out).Encode(r))
	})
}

// proveBooks runs every invariant.
func proveBooks(ctx context.Context, db *store.DB) ([]proof.Violation, error) {
	violations, err := proof.Check(db.View(ctx))
	if err != nil {
		return nil, err
	}
	for _, check := range []func(*store.Tx) ([]proof.Violation, error){billing.CheckLateFees, billing.CheckLateRules,
		metering.CheckMeters, issuing.CheckSlips, receipt.Audit} {
		more, err := check(db.View(ctx))
		if err != nil {
			return nil, err
		}
		violations = append(violations, more...)
	}
	return violations, nil
}

func cmdCheck(ctx context.Context, term terminal, cfg Config, _ []string) error {
	return withDB(ctx, cfg, func(db *store.DB) error {
		violations, err := proveBooks(ctx, db)
		if err != nil {
			return err
		}
		for _, v := range violations {
			fmt.Fprintln(term.out, v)
		}
		if len(violations) > 0 {
			return fmt.Errorf("%d violations", len(violations))
		}
		fmt.Fprintln(term.out, "the books agree")
		return nil
	})
}

// staffArgs are the flags of staff add.
type staffArgs struct{ username, name, role string }

func staffFlags(args []string) (staffArgs, error) {
	var s staffArgs
	if len(args) == 0 || args[0] != "add" {
		return s, fmt.Errorf("%w: staff knows add", errUsage)
	}
	fs := flag.NewFlagSet("staff add", flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.StringVar(&s.username, "username", "", "")
	fs.StringVar(&s.name, "name", "", "")
	fs.StringVar(&s.role, "role", "", "")
	if err := fs.Parse(args[1:]); err != nil || fs.NArg() != 0 || s.username == "" {
		return s, fmt.Errorf("%w: staff add wants --username and --role", errUsage)
	}
	for _, role := range office.StaffRoles {
		if s.role == role {
			return s, nil
		}
	}
	return s, fmt.Errorf("%w: --role wants one of %s", errUsage, strings.Join(office.StaffRoles, ", "))
}

func cmdStaff(ctx context.Context, term terminal, cfg Config, args []string) error {
	s, err := staffFlags(args)
	if err != nil {
		return err
	}
	raw, err := io.ReadAll(io.LimitReader(term.in, 1024))
	if err != nil {
		return err
	}
	password := strings.TrimRight(string(raw), "\r\n")
	if err := office.CheckPasswordRules(s.username, password); err != nil {
		return err
	}
	hash, err := office.HashPassword(password)
	if err != nil {
		return err
	}
	return withDB(ctx, cfg, func(db *store.DB) error {
		err := db.Write(ctx, func(tx *store.Tx) error {
			return office.AddStaff(tx, commandActor, &office.Staff{Username: s.username, Name: s.name, Role: s.role, PasswordHash: hash})
		})
		if err == nil {
			fmt.Fprintf(term.out, "account %s (%s) added\n", s.username, s.role)
		}
		return err
	})
}
