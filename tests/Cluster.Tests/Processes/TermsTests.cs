using System.Globalization;
using System.Text.Json.Nodes;

namespace LPZero.Cluster.Tests.Processes;

/// <summary>What needs terms outside of any run, on a cluster as in one process.</summary>
[Collection(nameof(SharedCluster))]
public sealed class TermsTests(SharedCluster shared)
{
    private static readonly string Benchmark = Path.Combine(Repository.Root!, "data", "tiny-flexibert.json");

    // Terms that no other test of the cluster computes.
    private static readonly string[] Probe = ["--benchmark", Benchmark, "--batch", "2x24", "--weights-seed", "41", "--json"];

    [PostgresFact]
    public async Task The_whole_space_a_choice_and_scores_are_the_same_bytes_on_a_cluster_and_in_one_process()
    {
        await shared.Cluster.UntilAllUpAsync();
        var before = await ComputedAsync();

        var exhaustive = await BothAsync(
            "search", "exhaustive", "--unary", "1", "--inputs", "A,W", "--search-architectures", "32", "--top", "20");
        Assert.True(exhaustive["proxies"]!.GetValue<long>() > 0);
        Assert.NotEqual(before, await ComputedAsync());
        await BothAsync(
            "search", "choose", "--unary", "1", "--inputs", "A,W", "--search-architectures", "32", "--folds", "2", "--only", "layers sum",
            "elements mean", "tensors mean");
        var scores = await BothAsync("proxy", "score", "square(abs_log(H)) * exp(W)");
        Assert.Equal(96, scores["n"]!.GetValue<int>());
        Assert.Equal(32, scores["heldOut"]!["architectures"]!.GetValue<int>());

        // All of it is in the cluster's term cache now.
        var computed = await ComputedAsync();
        await BothAsync("proxy", "score", "square(abs_log(H)) * exp(W)");
        Assert.Equal(computed, await ComputedAsync());
    }

    /// <summary>What is printed in both places, which is the same but for time and folder.</summary>
    private async Task<JsonObject> BothAsync(params string[] command)
    {
        var port = shared.Cluster.Coordinators[0].ControlPort!.Value.ToString(CultureInfo.InvariantCulture);
        var onCluster = await RunAsync("there", ["--connect", $"127.0.0.1:{port}", .. command]);
        var here = await RunAsync("here", [.. command, "--db", "terms.db", "--memory", "1"]);
        Assert.Equal(here.ToJsonString(), onCluster.ToJsonString());
        return here;
    }

    private async Task<JsonObject> RunAsync(string folder, string[] command)
    {
        string[] output = command.Contains("score") ? [] : ["--out", $"{folder}-{command.Last(word => word is "exhaustive" or "choose")}"];
        var (code, printed) = await TestCluster.RunAsync(shared.Cluster.Folder, [.. command, .. Probe, .. output]);
        Assert.True(code == 0, printed);
        var json = JsonNode.Parse(printed)!.AsObject();
        json.Remove("seconds");
        json.Remove("output");
        return json;
    }

    private async Task<long> ComputedAsync() => (await shared.Cluster.NodesAsync()).Sum(node => node.Device?.ComputedTerms ?? 0);
}
