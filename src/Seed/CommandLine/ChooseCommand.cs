using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using LPZero.Coordinator.Choosing;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using LPZero.Seed.Reporting;
using Spectre.Console;

namespace LPZero.Seed.CommandLine;

/// <summary><c>lpzero search choose</c></summary>
internal static class ChooseCommand
{
    private const int ShownOptions = 15;

    public static Command Create()
    {
        var options = new ProbeOptions(configuration => configuration.Choosing);
        var output = new Option<string>("--out")
        {
            Description = "folder for the choice and the report (default: runs/choice-KEY)", HelpName = "DIR",
        };
        var folds = new Option<int>("--folds")
        {
            Description = "folds of the cross-validation, by network", HelpName = "N", DefaultValueFactory = _ => 5,
        };
        var command = new DescribedCommand("choose",
            "Choose reductions and selection by cross-validation on the search set, then score the held-out set once.",
            "search choose --benchmark flexibert:BERT_benchmark.json --search-architectures 100 --unary 1")
        {
            WorksOnCluster = true,
        };
        var only = new Option<string[]>("--only")
        {
            Description =
                "only options with this part in their name, such as 'structure first' or 'layers all_but_last'; several narrow further",
            HelpName = "PART",
            AllowMultipleArgumentsPerToken = true,
        };
        options.AddTo(command, output, folds, only);

        command.SetAction(async (parsed, interrupt) =>
        {
            var (loaded, given) = options.Read(parsed);

            // These are among the options, and so are the default preset's inputs beside all of them.
            var configuration = given with
            {
                Prefix = null,
                Fitness = FitnessTarget.Truth,
                Answer = AnswerRule.Proxy,
                Inputs = parsed.GetResult("--inputs") is null ? [.. Enum.GetValues<InputKind>()] : given.Inputs,
            };
            Check(configuration, parsed.GetValue(folds));
            var considered = Considered(
                configuration, given.Prefix ?? RankingNames.LayersThenHiddenSize, parsed.GetValue(only) ?? []);
            return await KeptWork.DoAsync(
                async () =>
                {
                    await using var opened = await options.OpenAsync(parsed, loaded, configuration);
                    var useCase = new ChooseUseCase(opened.Terms, new ExhaustiveDisplay(quiet: options.Json(parsed)));
                    var request = new ChooseRequest(
                        loaded, configuration, considered, parsed.GetValue(folds), opened.Threads, parsed.GetValue(output),
                        RepeatCommand.Of(parsed));
                    Print(await useCase.RunAsync(request, interrupt), options.Json(parsed));
                    opened.ReportMemory();
                },
                interrupt);
        });
        return command;
    }

    private static void Check(SearchConfiguration configuration, int folds)
    {
        ExhaustiveUseCase.CheckSpace(configuration);
        if (folds is < 2 or > 20)
        {
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--folds {folds}: give a number from 2 to 20"));
        }
    }

    /// <summary>The options whose names have all of the given parts.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    private static ImmutableArray<ChoosingOption> Considered(SearchConfiguration configuration, string prefix, string[] parts)
    {
        var all = ChoosingOption.All(configuration.Inputs, configuration.MinDistinct, prefix).ToList();
        ImmutableArray<ChoosingOption> considered = [.. all.Where(option => parts.All(option.Parts.Contains))];
        return !considered.IsEmpty ? considered : throw new UsageException(
            $"--only {string.Join(", ", parts)}: no option has all of these; " +
            $"the parts are {string.Join(", ", all.SelectMany(option => option.Parts).Distinct(StringComparer.Ordinal))}");
    }

    private static void Print(ChoiceJson choice, bool json)
    {
        if (json)
        {
            Console.Out.WriteLine(ChoiceJson.Text(choice));
            return;
        }

        var table = new FittedTable("", "option", "cross-validated rho");
        foreach (var option in choice.Options.OrderByDescending(option => option.CrossValidatedRho).Take(ShownOptions))
        {
            table.Add(option.Chosen ? ">" : "", option.Name, Figures.Correlation(option.CrossValidatedRho));
        }

        table.Write(AnsiConsole.Console);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"chosen of {choice.Options.Count} options on the search set alone: {choice.Predictor}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"rho {choice.SearchRho:F4} on the search set, {choice.HeldOut?.Rho:F4} on the held-out set ({choice.HeldOut?.RhoLow:F4} to " +
            $"{choice.HeldOut?.RhoHigh:F4}, {choice.HeldOut?.Networks} networks)"));
        Console.WriteLine($"report: {choice.Output}");
    }
}
