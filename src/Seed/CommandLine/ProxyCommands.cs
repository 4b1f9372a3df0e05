using System.CommandLine;
using LPZero.Coordinator.Pruning;
using LPZero.Coordinator.Scoring;
using LPZero.GpuNode.Proxies;
using LPZero.Messages.Predictors;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using Spectre.Console;

namespace LPZero.Seed.CommandLine;

/// <summary><c>lpzero proxy ...</c></summary>
internal static class ProxyCommands
{
    public static Command Create() =>
        new DescribedCommand("proxy", "Look at single proxies and at the space of all.", "proxy explain 'square(abs_log(H)) * exp(W)'")
    {
        List(), Score(), Explain(), Space(),
    };

    private static Argument<string> Expression() => new("expression")
    {
        Description = "a proxy, such as 'sum[square(abs_log(H)) * exp(W)]'; the grammar is in docs/proxies.md",
    };

    private static Command List()
    {
        var json = CommonOptions.Json();
        var command = new DescribedCommand("list", "List the proxies that people designed and published formulas, by their ids.",
            "proxy list") { json };
        command.SetAction(parsed =>
        {
            var designed = DesignedProxies.All.Select(proxy => new
            {
                proxy.Id, proxy.Measures, proxy.Source, Expression = (string?)null,
            });
            var all = designed.Concat(ProxyNames.Formulas.Select(formula => new
            {
                formula.Id, Measures = "a formula found by search", formula.Source, Expression = (string?)formula.Expression,
            })).ToList();
            if (parsed.GetValue(json))
            {
                CommonOptions.PrintJson(all);
                return ExitCode.Done;
            }

            foreach (var proxy in all)
            {
                var formula = proxy.Expression is { } expression ? $", {expression}" : "";
                Console.WriteLine($"{proxy.Id}: {proxy.Measures}{formula} [{proxy.Source}]");
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static Command Score()
    {
        var expression = Expression();
        expression.Description = "an id from 'proxy list', a proxy as an expression (the grammar is in docs/proxies.md), or a predictor: " +
            "FILE.predictor.json";
        var options = new ProbeOptions(configuration => configuration.ProbingOfSplit);
        var command = new DescribedCommand(
            "score",
            "Score one proxy on every architecture of a benchmark, and on those that a search would not see, beside the structural " +
            "baselines of its space.",
            "proxy score 'square(abs_log(H)) * exp(W)' --benchmark data/tiny-flexibert.json")
        {
            expression,
        };
        command.WorksOnCluster = true;
        options.AddTo(command);

        command.SetAction(async (parsed, interrupt) =>
        {
            var chosen = ProxyChoices.One(parsed.GetValue(expression)!);
            var asked = options.ReadOne(parsed);
            foreach (var named in chosen.Expressions)
            {
                CanonicalForm(named.Proxy, asked.Configuration); // said before anything is computed
            }

            await using var opened = await options.OpenAsync(
                parsed, ScoreUseCase.Probed([asked], chosen.Predictors), scores: chosen.NeedNetworks, chosen.BuildNetworks);
            var report = await ScoreReport.OfAsync(opened.Terms, asked, chosen, interrupt);
            if (options.Json(parsed))
            {
                CommonOptions.PrintJson(report.Json());
            }
            else
            {
                report.Write(AnsiConsole.Console);
            }

            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>What to score: the canonical form, or the expression as it is written where the rules leave none.</summary>
    /// <exception cref="UsageException">Both branches are disconnected.</exception>
    public static CanonicalProxy CanonicalForm(Proxy proxy, SearchConfiguration configuration) =>
        proxy.Left.IsDisconnected && proxy.Right.IsDisconnected
            ? throw new UsageException("both branches are disconnected, so there is nothing to score")
            : new PredictorForms(configuration.Combine).Of(
                new ProxyPart(proxy, configuration.ElementReduction, configuration.TensorReduction));

    private static Command Explain()
    {
        var expression = Expression();
        var pruning = CommonOptions.OneOf("--pruning", "which pruning rules act", ["sound", "paper"], "sound");
        var elements = CommonOptions.OneOf("--element-reduction", "how the elements of a tensor become a number", ["mean", "sum"], "mean");
        var combine = CommonOptions.OneOf(
            "--combine", "what products are applied to: the branches' numbers, or tensors of one shape element by element",
            ["means", "tensors"], "means");
        var json = CommonOptions.Json();
        var command = new DescribedCommand("explain", "Show a proxy's tree, its canonical form, and the pruning rules that act on it.",
            "proxy explain 'square(abs(H)) * exp(no_op(W))'")
        {
            expression, pruning, elements, combine, json,
        };
        command.SetAction(parsed =>
        {
            var proxy = ProxyNames.Expression(parsed.GetValue(expression)!);
            var rules = new RuleBasedPruning(
                Enum.Parse<PruningMode>(parsed.GetValue(pruning)!, ignoreCase: true),
                Enum.Parse<Reduction>(parsed.GetValue(elements)!, ignoreCase: true),
                Enum.Parse<Combination>(parsed.GetValue(combine)!, ignoreCase: true));
            var verdict = rules.Judge(proxy);
            if (parsed.GetValue(json))
            {
                CommonOptions.PrintJson(new
                {
                    expression = proxy.ToString(),
                    canonical = verdict.Canonical?.ToString(),
                    refusedBy = verdict.Refusal,
                    rewrittenBy = verdict.Rewrites,
                });
                return ExitCode.Done;
            }

            Console.WriteLine(ProxyTree.Draw(proxy));
            Console.WriteLine();
            Console.WriteLine($"canonical form: {verdict.Canonical?.ToString() ?? "none"}");
            foreach (var rule in verdict.Rewrites.Distinct())
            {
                Console.WriteLine($"rewritten by {rule.Name} ({rule.Category}): {rule.Reason}");
            }

            Console.WriteLine(verdict.Refusal is { } refusal
                ? $"refused by {refusal.Name} ({refusal.Category}): {refusal.Reason}"
                : verdict.Rewrites.IsEmpty
                    ? "no rule acts: the proxy is canonical and is scored"
                    : "not refused: the canonical form is scored or looked up");
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Space()
    {
        var unary = new Option<int>("--unary")
        {
            Description = "unary operations in a branch: 1, 2 or 3", HelpName = "N", DefaultValueFactory = _ => 1,
        };
        var pruning = CommonOptions.OneOf("--pruning", "which pruning rules act", ["sound", "paper"], "sound");
        var json = CommonOptions.Json();
        var command = new DescribedCommand("space", "Count the space of proxies, raw and canonical, and what each rule removes.",
            "proxy space --unary 2") { unary, pruning, json };
        command.SetAction(parsed =>
        {
            SpaceSummary.Print(
                parsed.GetValue(unary), Enum.Parse<PruningMode>(parsed.GetValue(pruning)!, ignoreCase: true), parsed.GetValue(json));
            return ExitCode.Done;
        });
        return command;
    }
}
