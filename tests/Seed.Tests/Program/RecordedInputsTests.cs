using System.Text.Json;
using LPZero.Seed.Tests.Benchmarks;

namespace LPZero.Seed.Tests.Program;

/// <summary>A folder of recorded inputs is searched, ranked and evaluated on as any benchmark.</summary>
public sealed class RecordedInputsTests : IDisposable
{
    private readonly RecordedFolder recorded = new();
    private readonly TemporaryFolder folder = new();

    public void Dispose()
    {
        recorded.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Every_verb_takes_it_and_a_file_that_went_away_is_named()
    {
        var evaluated = await RunAsync("evaluate", "--proxies", "square(abs_log(H)) * exp(W),snip,grasp", "--json");
        Assert.True(evaluated.ExitCode == 0, evaluated.Error);
        var rows = JsonDocument.Parse(evaluated.Output).RootElement.GetProperty("rows").EnumerateArray().ToList();
        Assert.Contains(rows, row => row.GetProperty("proxy").GetString() == "square(abs_log(H)) * exp(W)"
            && row.GetProperty("architectures").GetInt32() == 12 && row.GetProperty("pairAccuracy").ValueKind == JsonValueKind.Number);
        Assert.Equal(JsonValueKind.Number, Row("snip").GetProperty("rho").ValueKind);
        Assert.Contains("no network to pass over again", Row("grasp").GetProperty("reason").GetString(), StringComparison.Ordinal);

        JsonElement Row(string proxy) => rows.Single(row => row.GetProperty("proxy").GetString() == proxy);

        var ranked = await RunAsync("search", "exhaustive", "--search-architectures", "8", "--unary", "1", "--json");
        Assert.True(ranked.ExitCode == 0, ranked.Error);

        var searched = await RunAsync(
            "search", "start", "--name", "recorded", "--search-architectures", "8", "--population", "10", "--iterations", "5",
            "--min-distinct", "0");
        Assert.True(searched.ExitCode == 0, searched.Error);

        File.Delete(recorded.File("net-2.safetensors"));
        var gone = await RunAsync("evaluate", "--proxies", "exp(W)");
        Assert.Equal(1, gone.ExitCode);
        Assert.Contains("no net-2.safetensors beside it", Assert.Single(gone.Error.TrimEnd('\n').Split('\n')), StringComparison.Ordinal);
    }

    private Task<ProgramResult> RunAsync(params string[] arguments) => Lpzero.RunAsync(
        folder.Path,
        [
            .. arguments, "--db", folder.File("runs.db"), "--benchmark", $"inputs:{recorded.Path}", "--memory", "4",
        ]);
}
