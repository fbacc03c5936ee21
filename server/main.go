// Command server is Wuyepay: the server behind the mini-program, the staff
// console, the jobs and the commands, in one binary. Package main is the only
// place that knows everything; main.go knows commands, signals and exit codes.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

// Exit codes.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	tuneMemory()
	stopProfile := startProfile(os.Getenv("CPUPROFILE"), os.Stderr)
	code := run(ctx, os.Args[1:], os.Environ(), os.Stdin, os.Stdout, os.Stderr)
	stopProfile()
	stop()
	os.Exit(code)
}

// terminal is where a command reads and writes.
type terminal struct {
	in  io.Reader
	out io.Writer // results
	err io.Writer // logs and faults
}

// errUsage is a command called wrongly: exit code 2.
var errUsage = errors.New("usage")

const usage = `usage: server [--config FILE] [COMMAND]

  serve                                run the server (the default)
  migrate                              bring the database schema up to this program's
  import rooms|arrears|tariffs|meters|holidays FILE
                                       take a company's file in; every mistake is listed, all or nothing
  import KIND FILE --preview           print as JSON what an import would do, and change nothing
  import shadow FILE [--period 2026-03] [--json]
                                       hold the old system's bills of a period against ours; books nothing
  bill --period 2026-03 [--draft] [--catch-up]
                                       issue the bills of a period, or keep a draft for staff to look at
  meter replace --room R --item I --serial OLD --date D --last N --new-serial NEW --reason T
            [--first N] [--multiplier N] [--digits N] [--rolled] [--community C]
                                       end a meter with its last reading, begin another
  transfer --room R --to NAME --date D [--community C] [--prepaid room|former] [--note T]
  transfer --preview --room R --date D [--community C]
                                       a room changes hands (the new owner's phone on standard input)
  statement --room R --year 2026 --out FILE.pdf [--community C]
                                       the account of the present owner for a year
  collection mandates --community C --file F
                                       agreements of bank collection, by file
  collection make --community C --due 2026-03-31
                                       a batch of what is due by a day
  collection export --community C --batch N --out F.xlsx|F.csv
                                       its file for the bank
  collection import --community C --batch N --file F [--date 2026-03-12]
                                       the bank's answer; --date where the file has no day
  policy --community C --settlement late_fee_first|principal_first
                                       in which order money settles a bill
  late-rule list                       the default late-fee rule of each community, and its changes
  late-rule preview|ask --community C --rate 3‰ --from D [--grace DAYS] [--cap 30%] [--open]
            [--by USER --reason T]     another rule from a day, with --open also for open imported
  late-rule approve|refuse --by USER --id ID [--note T]
                                       bills as far as it is milder; two people as below
  tariff list --community C
  tariff end --id ID --last-day D --preview|--by USER
                                       a fee item is charged no longer
  charge shared --community C --item I --reason T --from D --to D --amount TOTAL
            --by area|household [--building B [--unit U]] [--rooms FILE] [--occupied]
  charge one-off --community C --item I --reason T --date D --amount EACH --rooms FILE
                                       a shared cost over rooms, or an amount for each of some rooms;
            [--due D] [--preview]      FILE has a room code a line, - is standard input
  adjust waiver|correction|void --by USER --reason T [--amount YUAN]
            --bill ID[,ID] or --room R --item I --period 2026-03 [--community C]
  adjust approve|reject --by USER --request ID --note T
  adjust list                          change bills, asked for by one and approved by another member of
                                       staff (each with the password on standard input)
  vacancy ask --by USER --room R --from D --to D --reason T [--community C]
  vacancy approve|refuse --by USER --id ID [--note T]
  vacancy end --by USER --id ID --last-day D
  vacancy list                         days on which a room stands empty, two people as above
  holidays import FILE                 the same as import holidays
  holidays list [--year 2026] [--json] public holidays, and days of work on weekends
  reconcile --date 2026-03-14          hold a day against WeChat Pay's bill
  remind                               one pass of reminders
  check                                prove the books
  job sweep|receipts|refunds|messages|shipping|remind|billing|bill_day|discounts|reconcile|plans|check|evidence|purge
                                       run a job of the server once, now
  demo                                 load the demonstration community
  staff add --username U --role R      add an account (password on standard input);
            [--name NAME]              roles: cashier, steward, finance, manager, admin

  --config FILE may stand before or after the command; the default is config.yaml.
  Exit codes: 0 done, 1 failed, 2 wrong usage.
`

// run is the whole program as a function: tests call it as the shell would.
func run(ctx context.Context, args, environ []string, in io.Reader, out, errOut io.Writer) int {
	term := terminal{in, out, errOut}
	configFile, rest, err := configFlag(args)
	if err == nil {
		err = dispatch(ctx, term, configFile, rest, environ)
	}
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errUsage):
		if text := strings.TrimPrefix(err.Error(), errUsage.Error()); text != "" {
			fmt.Fprintln(errOut, strings.TrimPrefix(text, ": "))
		}
		fmt.Fprint(errOut, usage)
		return exitUsage
	default:
		fmt.Fprintln(errOut, "error:", explain(err))
		return exitFailed
	}
}

// configFlag takes --config FILE (or --config=FILE) from wherever it stands.
func configFlag(args []string) (file string, rest []string, err error) {
	file = "config.yaml"
	for i := 0; i < len(args); i++ {
		name := strings.TrimPrefix(strings.TrimPrefix(args[i], "-"), "-")
		switch {
		case !strings.HasPrefix(args[i], "-"):
			rest = append(rest, args[i])
		case name == "config":
			if i++; i == len(args) {
				return "", nil, fmt.Errorf("%w: --config wants a file", errUsage)
			}
			file = args[i]
		case strings.HasPrefix(name, "config="):
			file = strings.TrimPrefix(name, "config=")
		default:
			rest = append(rest, args[i])
		}
	}
	return file, rest, nil
}
