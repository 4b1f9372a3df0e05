using System.Globalization;
using LPZero.Coordinator.Run;
using LPZero.Messages.Control;
using LPZero.Seed.Reporting;
using Spectre.Console;

namespace LPZero.Seed.CommandLine;

/// <summary>
/// Shows how a run gets on: a display that renews itself on a terminal, a line now and then elsewhere, both on
/// standard error, so that standard output holds the result alone.
/// </summary>
internal sealed class ProgressDisplay : IProgress<RunStatus>, IAsyncDisposable
{
    private static readonly TimeSpan Renewal = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan LineInterval = TimeSpan.FromSeconds(5);

    private readonly string run;
    private readonly TextWriter? lines;
    private readonly IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
    private readonly CancellationTokenSource closing = new();
    private readonly TimeProvider clock;
    private readonly long started;
    private readonly Task live;
    private volatile RunStatus? last;
    private RunStatus? written;
    private volatile RemainingTime? remaining;
    private int before;
    private double charged;
    private double done;
    private long lastLine;

    public ProgressDisplay(string run, bool quiet)
        : this(run, quiet || !Console.IsErrorRedirected ? null : Console.Error, TimeProvider.System) =>
        live = !quiet && !Console.IsErrorRedirected ? ShowAsync() : Task.CompletedTask;

    /// <summary>Lines alone.</summary>
    /// <param name="run">The run.</param>
    /// <param name="lines">Where they go; null for nowhere.</param>
    /// <param name="clock">The time.</param>
    internal ProgressDisplay(string run, TextWriter? lines, TimeProvider clock)
    {
        this.run = run;
        this.lines = lines;
        this.clock = clock;
        started = clock.GetTimestamp();
        live = Task.CompletedTask;
    }

    private double Seconds => clock.GetElapsedTime(started).TotalSeconds;

    public void Report(RunStatus value)
    {
        if (last is null)
        {
            before = value.Evaluations;
        }

        remaining = Charge(value) ?? remaining;
        var isNew = last?.Activity != value.Activity;
        last = value;
        if (lines is not null && (isNew || clock.GetElapsedTime(lastLine) >= LineInterval))
        {
            lastLine = clock.GetTimestamp();
            written = value;
            lines.WriteLine(Line(value));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        await live;
        closing.Dispose();
        if (lines is not null && last is { } final && Moved(final) != Moved(written))
        {
            await lines.WriteLineAsync(Line(final));
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
        if (last is { } status)
        {
            context.UpdateTarget(Render(status));
        }
    }

    private Panel Render(RunStatus status)
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        foreach (var (name, value) in Facts(status))
        {
            grid.AddRow(new Text(name, new Style(Color.Grey)), new Text(value));
        }

        return new Panel(grid).Header(new PanelHeader($" {Markup.Escape(run)} ")).Border(BoxBorder.Rounded);
    }

    private string Line(RunStatus status) => string.Join(", ", Facts(status).Select(fact => $"{fact.Name} {fact.Value}"));

    private IEnumerable<(string Name, string Value)> Facts(RunStatus status)
    {
        yield return ("iteration", string.Create(
            CultureInfo.InvariantCulture, $"{status.Iteration} of {status.Iterations} ({status.Activity}{Terms(status)})"));
        if (status.BestRho is { } rho)
        {
            yield return ("best rho", $"{Figures.Correlation(rho)}  {status.BestExpression}");
        }

        yield return ("evaluations", string.Create(
            CultureInfo.InvariantCulture, $"{status.Evaluations} ({(status.Evaluations - before) / Math.Max(Seconds, 1e-9):F1}/s)"));
        if (status.Progress is { } progress)
        {
            yield return ("pruned", Share(progress.Refused, progress.Refused + status.Evaluations));
            yield return ("cache hits", Share(progress.TermHits, progress.TermHits + progress.TermMisses));
            if (Remaining(status) is { } left)
            {
                yield return ("ETA", left);
            }
        }
    }

    /// <summary>What a line is about besides the time.</summary>
    private static RunStatus? Moved(RunStatus? status) => status is null ? null : status with { Seconds = 0, Progress = null };

    private static string Terms(RunStatus status) => Asked(status) is { } asked
        ? string.Create(CultureInfo.InvariantCulture, $", architecture {asked.Done:F0} of {asked.All}")
        : "";

    /// <summary>
    /// Networks of the set that terms are asked of, how many are done, and how many of average size their work comes to; null where nothing
    /// is asked.
    /// </summary>
    private static (double Done, double Work, int All)? Asked(RunStatus status)
    {
        if (status is not { RequestsAll: > 0, Progress: { } progress })
        {
            return null;
        }

        var networks = status.IsReporting ? progress.HeldOutNetworks : progress.SearchNetworks;
        var share = (double)status.RequestsDone / status.RequestsAll;
        return (networks * share, networks * (progress.RoundShare ?? share), networks);
    }

    /// <summary>Charges the time since the last report to the work that it is about.</summary>
    private RemainingTime? Charge(RunStatus status)
    {
        if (status.Progress is not { } progress)
        {
            return null;
        }

        var seconds = Seconds - charged;
        charged += seconds;
        var soFar = remaining ?? new RemainingTime(
            new WorkPace(0, 0, progress.SearchNetworks), new WorkPace(0, 0, progress.EvaluationsLeft),
            new WorkPace(0, 0, progress.HeldOutNetworks));
        var asked = Asked(status);
        var more = Math.Max(0, (asked?.Work ?? 0) - (last?.IsReporting == status.IsReporting ? done : 0));
        done = asked?.Work ?? 0;
        var scored = status.Evaluations - (last?.Evaluations ?? before);
        if (asked is { } terms && status.IsReporting)
        {
            return soFar with
            {
                SearchTerms = soFar.SearchTerms with { Left = 0 },
                Evaluations = soFar.Evaluations with { Left = 0 },
                HeldOutTerms = soFar.HeldOutTerms.After(more, seconds, terms.All - terms.Work),
            };
        }

        // Terms that a later round asks for are part of what its proxies cost.
        return asked is { } first && status.Evaluations == before
            ? soFar with { SearchTerms = soFar.SearchTerms.After(more, seconds, first.All - first.Work) }
            : soFar with
            {
                SearchTerms = soFar.SearchTerms with { Left = 0 },
                Evaluations = soFar.Evaluations.After(scored, seconds, progress.EvaluationsLeft),
            };
    }

    /// <summary>The time that is left; null where nothing is to be done any more.</summary>
    private string? Remaining(RunStatus status) => status is { State: not ("new" or "running"), IsReporting: false }
        ? null
        : remaining?.Left?.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture) ?? "unknown";

    private static string Share(long part, long whole) =>
        whole == 0 ? "-" : ((double)part / whole).ToString("P0", CultureInfo.InvariantCulture);
}
