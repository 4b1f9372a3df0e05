using System.CommandLine;
using System.Globalization;
using LPZero.Coordinator.Pruning;
using LPZero.Coordinator.Ranking;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;

namespace LPZero.Seed.CommandLine;

/// <summary><c>lpzero proxy ...</c></summary>
internal static class ProxyCommands
{
    public static Command Create() =>
        new DescribedCommand("proxy", "Look at single proxies and at the space of all.", "proxy explain 'square(abs_log(H)) * exp(W)'")
    {
        Score(), Explain(), Space(),
    };

    private static Argument<string> Expression() => new("expression")
    {
        Description = "a proxy, such as 'sum[square(abs_log(H)) * exp(W)]'; the grammar is in docs/proxies.md",
    };

    private static Command Score()
    {
        var expression = Expression();
        var options = new ProbeOptions(configuration => configuration.Probing);
        var command = new DescribedCommand("score", "Score one proxy on every architecture of a benchmark.",
            "proxy score 'square(abs_log(H)) * exp(W)' --benchmark data/tiny-flexibert.json")
        {
            expression,
        };
        command.WorksOnCluster = true;
        options.AddTo(command);

        command.SetAction(async (parsed, interrupt) =>
        {
            var proxy = ProxyText.ParseProxy(parsed.GetValue(expression)!);
            var (loaded, configuration) = options.Read(parsed);
            var canonical = CanonicalForm(proxy, configuration.ElementReduction);
            await using var opened = await options.OpenAsync(parsed, loaded, configuration);
            var (set, scores) = await new ScoreUseCase(opened.Terms).RunAsync(loaded, configuration, canonical, interrupt);
            PrintScores(proxy, set, scores, options.Json(parsed));
            return ExitCode.Done;
        });
        return command;
    }

    private static void PrintScores(Proxy proxy, ArchitectureSet set, double[] scores, bool json)
    {
        var truths = set.Truths;
        var isFinite = scores.All(double.IsFinite);
        double? Figure(double value) => isFinite && double.IsFinite(value) ? value : null;
        var (rho, tauA, tauB) = (
            Figure(Spearman.Rho(scores, truths)), Figure(Kendall.TauA(scores, truths)), Figure(Kendall.TauB(scores, truths)));
        var invalid = isFinite
            ? (scores.Distinct().Count() == 1 ? "every architecture has the same score" : null)
            : "some scores are not finite";
        if (json)
        {
            CommonOptions.PrintJson(new
            {
                expression = proxy.ToString(),
                rho,
                tau = tauB,
                tauA,
                tauB,
                n = scores.Length,
                networks = set.Networks.Length,
                invalid,
                scores = scores.Select((score, i) => new { architecture = set.Architectures[i].Id, score = HeldOutJson.Finite(score) }),
            });
            return;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{proxy}: rho {Text(rho)}, tau-a {Text(tauA)}, tau-b {Text(tauB)} on {scores.Length} architectures ({set.Networks.Length} " +
            $"networks){(invalid is null ? "" : $"; {invalid}")}"));

        static string Text(double? value) => value?.ToString("F4", CultureInfo.InvariantCulture) ?? "-";
    }

    /// <summary>What to score: the canonical form, or the expression as it is written where the rules leave none.</summary>
    /// <exception cref="UsageException">Both branches are disconnected.</exception>
    public static CanonicalProxy CanonicalForm(Proxy proxy, Reduction elements) =>
        new RuleBasedPruning(PruningMode.Sound, elements).Judge(proxy).Canonical
        ?? new RuleBasedPruning(PruningMode.None, elements).Judge(proxy).Canonical
        ?? throw new UsageException("both branches are disconnected, so there is nothing to score");

    private static Command Explain()
    {
        var expression = Expression();
        var pruning = CommonOptions.OneOf("--pruning", "which pruning rules act", ["sound", "paper"], "sound");
        var elements = CommonOptions.OneOf("--element-reduction", "how the elements of a tensor become a number", ["mean", "sum"], "mean");
        var json = CommonOptions.Json();
        var command = new DescribedCommand("explain", "Show a proxy's tree, its canonical form, and the pruning rules that act on it.",
            "proxy explain 'square(abs(H)) * exp(no_op(W))'")
        {
            expression, pruning, elements, json,
        };
        command.SetAction(parsed =>
        {
            var proxy = ProxyText.ParseProxy(parsed.GetValue(expression)!);
            var rules = new RuleBasedPruning(
                Enum.Parse<PruningMode>(parsed.GetValue(pruning)!, ignoreCase: true),
                Enum.Parse<Reduction>(parsed.GetValue(elements)!, ignoreCase: true));
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
