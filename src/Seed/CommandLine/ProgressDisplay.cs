using System.Diagnostics;
using System.Globalization;
using LPZero.Coordinator.Pruning;
using LPZero.Coordinator.Run;
using LPZero.Messages.Terms;
using LPZero.Seed.Embedded;
using LPZero.Seed.Reporting;
using LPZero.Seed.Storage;
using Spectre.Console;

namespace LPZero.Seed.CommandLine;

/// <summary>
/// Shows how a run gets on: a display that renews itself on a terminal, a line now and then elsewhere, both on
/// standard error, so that standard output holds the result alone.
/// </summary>
internal sealed class ProgressDisplay : IProgress<RunProgress>, IAsyncDisposable
{
    private static readonly TimeSpan Renewal = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(5);

    private readonly RunRecord run;
    private readonly bool quiet;
    private readonly IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
    private readonly CancellationTokenSource closing = new();
    private readonly Task live;
    private volatile RunProgress? last;
    private volatile RemainingTime? remaining;
    private double charged;
    private int chargedEvaluations;
    private long lastLine;
    private string? lastActivity;

    public ProgressDisplay(RunRecord run, bool quiet)
    {
        this.run = run;
        this.quiet = quiet;
        live = !quiet && !Console.IsErrorRedirected ? ShowAsync() : Task.CompletedTask;
    }

    public void Report(RunProgress value)
    {
        remaining = Charge(value);
        last = value;
        if (quiet || !Console.IsErrorRedirected)
        {
            return;
        }

        if (lastLine == 0 || value.Activity != lastActivity || Stopwatch.GetElapsedTime(lastLine) >= LineInterval)
        {
            lastLine = Stopwatch.GetTimestamp();
            lastActivity = value.Activity;
            Console.Error.WriteLine(string.Join(", ", Facts(value).Select(fact => $"{fact.Name} {fact.Value}")));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        await live;
        closing.Dispose();
        if (!quiet && Console.IsErrorRedirected && last is { } final)
        {
            await Console.Error.WriteLineAsync(string.Join(", ", Facts(final).Select(fact => $"{fact.Name} {fact.Value}")));
        }
    }

    private async Task ShowAsync()
    {
        using var timer = new PeriodicTimer(Renewal);
        await console.Live(new Text("starting")).StartAsync(async context =>
        {
            try
            {
                while (await timer.WaitForNextTickAsync(closing.Token))
                {
                    Update(context);
                }
            }
            catch (OperationCanceledException)
            {
                Update(context);
            }
        });
    }

    private void Update(LiveDisplayContext context)
    {
        if (last is { } progress)
        {
            context.UpdateTarget(Render(progress));
        }
    }

    private Panel Render(RunProgress progress)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        foreach (var (name, value) in Facts(progress))
        {
            grid.AddRow(new Text(name, new Style(Color.Grey)), new Text(value));
        }

        return new Panel(grid).Header(new PanelHeader($" {Markup.Escape(run.Name)} ")).Border(BoxBorder.Rounded);
    }

    private IEnumerable<(string Name, string Value)> Facts(RunProgress progress)
    {
        var state = progress.State;
        yield return ("iteration", string.Create(CultureInfo.InvariantCulture, $"{state.Iteration} of {run.Configuration.Iterations} ({progress.Activity}{Terms(progress.Terms)})"));
        if (state.HallOfFame.Length > 0)
        {
            var best = state.HallOfFame[0];
            yield return ("best rho", $"{Figures.Correlation(best.Fitness.Rho)}  {best.Canonical}");
        }

        yield return ("evaluations", string.Create(CultureInfo.InvariantCulture, $"{state.Evaluations} ({progress.Evaluations / Math.Max(progress.Seconds, 1e-9):F1}/s)"));
        var refused = Refused(state);
        yield return ("pruned", Share(refused, refused + state.Evaluations + state.Pending.Length));
        yield return ("cache hits", Share(progress.TermHits, progress.TermsNeeded));
        yield return ("ETA", Remaining(progress));
    }

    private static string Terms(TermProgress? terms) =>
        terms is null ? "" : string.Create(CultureInfo.InvariantCulture, $", architecture {terms.Done} of {terms.All}");

    /// <summary>Charges the time since the last report to the work that it is about.</summary>
    private RemainingTime Charge(RunProgress progress)
    {
        var seconds = progress.Seconds - charged;
        charged = progress.Seconds;
        var before = remaining ?? new RemainingTime(
            new WorkPace(0, 0, progress.SearchNetworks), new WorkPace(0, 0, RemainingTime.EvaluationsLeft(run.Configuration, progress.State)), new WorkPace(0, 0, progress.HeldOutNetworks));
        var scored = progress.Evaluations - chargedEvaluations;
        chargedEvaluations = progress.Evaluations;
        return progress switch
        {
            { Terms: { } terms, State.Phase: SearchPhase.Finished or SearchPhase.Stopped } => before with
            {
                SearchTerms = before.SearchTerms with { Left = 0 },
                Evaluations = before.Evaluations with { Left = 0 },
                HeldOutTerms = before.HeldOutTerms.After(1, seconds, terms.All - terms.Done),
            },
            { Terms: { } terms, Evaluations: 0 } => before with { SearchTerms = before.SearchTerms.After(1, seconds, terms.All - terms.Done) },
            // Terms that a later round asks for are part of what its proxies cost.
            _ => before with
            {
                SearchTerms = before.SearchTerms with { Left = 0 },
                Evaluations = before.Evaluations.After(scored, seconds, RemainingTime.EvaluationsLeft(run.Configuration, progress.State)),
            },
        };
    }

    private string Remaining(RunProgress progress)
    {
        // After the last iteration the held-out set is still to be scored.
        if (progress.State.Phase != SearchPhase.Running && progress.Terms is null)
        {
            return progress.State.Phase.ToString().ToLowerInvariant();
        }

        return remaining?.Left?.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture) ?? "unknown";
    }

    private static long Refused(SearchState state) => Rules.Refusing.Sum(rule => state.RuleHits.GetValueOrDefault(rule.Name));

    private static string Share(long part, long whole) => whole == 0 ? "-" : ((double)part / whole).ToString("P0", CultureInfo.InvariantCulture);
}
