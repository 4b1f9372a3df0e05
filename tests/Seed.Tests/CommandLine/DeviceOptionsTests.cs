using System.CommandLine;
using LPZero.Seed.CommandLine;

namespace LPZero.Seed.Tests.CommandLine;

/// <summary>What the options of devices mean; whether the devices are there is looked at elsewhere.</summary>
public sealed class DeviceOptionsTests
{
    [Theory]
    [InlineData("", "cpu cpu cpu", "fused")]
    [InlineData("--devices cpu --evaluator op-by-op", "cpu cpu cpu", "op-by-op")]
    [InlineData("--devices cuda:0", "cuda:0", "segmented")]
    [InlineData("--devices cuda:1,0 --evaluator op-by-op", "cuda:1 cuda:0", "op-by-op")]
    [InlineData("--devices cuda:0,cuda:2", "cuda:0 cuda:2", "segmented")]
    [InlineData("--devices cuda:1,1,1", "cuda:1 cuda:1 cuda:1", "segmented")]
    public void Devices_and_evaluator_follow_from_what_is_given(string given, string devices, string evaluator)
    {
        foreach (var parsed in Parse($"--threads 3 --memory 2 {given}"))
        {
            var read = SearchVerbs.Devices.Read(parsed, TimeSpan.FromSeconds(5));
            Assert.Equal(devices.Split(' '), read.Devices);
            Assert.StartsWith(evaluator, read.CreateEvaluator().Name, StringComparison.Ordinal);
            Assert.Equal((3, 2_000_000_000, TimeSpan.FromSeconds(5)), (read.Threads, read.MemoryBudget, read.TimeLimit));
            Assert.Equal(devices.StartsWith("cpu", StringComparison.Ordinal), read.IsOnCpu);
        }
    }

    [Theory]
    [InlineData("--devices cuda:0", "--devices cuda:0: say with --memory how many gigabytes")]
    [InlineData("--devices gpu --memory 2", "--devices gpu: give cpu, or CUDA devices")]
    [InlineData("--devices cuda: --memory 2", "--devices cuda:: give cpu, or CUDA devices")]
    [InlineData("--devices cuda:-1 --memory 2", "--devices cuda:-1: give cpu, or CUDA devices")]
    [InlineData("--devices cuda:0 --memory 2 --evaluator fused", "--evaluator fused works on the CPU alone")]
    [InlineData("--memory 0", "--memory 0: give a positive number")]
    [InlineData("--threads 0", "--threads 0: give a number from 1")]
    public void What_cannot_be_meant_is_said_with_the_mend(string given, string expected)
    {
        foreach (var parsed in Parse(given))
        {
            Assert.StartsWith(
                expected, Assert.Throws<UsageException>(() => SearchVerbs.Devices.Read(parsed)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_was_given_is_handed_to_a_process_in_the_background_and_nothing_else() => Assert.All(
        Parse("--memory 1.5 --devices cuda:0"),
        parsed => Assert.Equal(["--devices", "cuda:0", "--memory", "1.5"], SearchVerbs.Devices.Given(parsed)));

    [Theory]
    [InlineData("demo")]
    [InlineData("node")]
    [InlineData("search exhaustive")]
    [InlineData("search choose")]
    [InlineData("proxy score")]
    public void Every_command_that_computes_terms_has_them(string command)
    {
        var options = Commands.Root().Parse(command.Split(' ')).CommandResult.Command.Options.Select(option => option.Name).ToList();
        Assert.All(SearchVerbs.Devices.All, option => Assert.Contains(option.Name, options));
    }

    private static IEnumerable<ParseResult> Parse(string given) => new[]
    {
        "search start --benchmark small.json --name x", "search resume x",
    }.Select(command => Commands.Root().Parse($"{command} {given}".Split(' ', StringSplitOptions.RemoveEmptyEntries)));
}
