using System.CommandLine;
using System.Globalization;

namespace LPZero.Seed.CommandLine;

/// <summary><c>lpzero search exhaustive</c></summary>
internal static class ExhaustiveCommand
{
    public static Command Create()
    {
        var options = new ProbeOptions(configuration => configuration.Ranking);
        var output = new Option<string>("--out")
        {
            Description = "folder for checkpoint and report (default: runs/exhaustive-KEY)", HelpName = "DIR",
        };
        var top = new Option<int>("--top")
        {
            Description = "how many of the best proxies to list", HelpName = "N", DefaultValueFactory = _ => 100,
        };
        var permutations = new Option<int>("--permutations")
        {
            Description =
                "also test the winner: rank the whole space on so many permutations of the truths within groups of equal layers and " +
                "hidden size, such as 200",
            HelpName = "N",
            DefaultValueFactory = _ => 0,
        };
        var command = new DescribedCommand("exhaustive", "Rank every proxy of the space; killed or interrupted, the same command goes on.",
            "search exhaustive --benchmark flexibert:BERT_benchmark.json --search-architectures 50 --top 100")
        {
            WorksOnCluster = true,
        };
        options.AddTo(command, output, top, permutations);

        command.SetAction(async (parsed, interrupt) =>
        {
            var (loaded, given) = options.Read(parsed);

            // Every proxy is ranked by itself.
            var configuration = given with { Prefix = null };
            ExhaustiveUseCase.CheckSpace(configuration);
            if (parsed.GetValue(top) < 1)
            {
                throw new UsageException(string.Create(CultureInfo.InvariantCulture,
                    $"--top {parsed.GetValue(top)}: give a positive number"));
            }

            if (parsed.GetValue(permutations) < 0)
            {
                throw new UsageException(string.Create(CultureInfo.InvariantCulture,
                    $"--permutations {parsed.GetValue(permutations)}: give how many, or 0 for none"));
            }

            return await KeptWork.DoAsync(
                async () =>
                {
                    await using var opened = await options.OpenAsync(parsed, loaded, configuration);
                    var display = new ExhaustiveDisplay(quiet: options.Json(parsed));
                    var request = new ExhaustiveRequest(
                        loaded, configuration, parsed.GetValue(top), opened.Threads, parsed.GetValue(output), RepeatCommand.Of(parsed),
                        parsed.GetValue(permutations));
                    ExhaustiveDisplay.Print(
                        await new ExhaustiveUseCase(opened.Terms, opened.KeepResult, display).RunAsync(request, interrupt),
                        options.Json(parsed));
                    opened.ReportMemory();
                },
                interrupt);
        });
        return command;
    }
}
