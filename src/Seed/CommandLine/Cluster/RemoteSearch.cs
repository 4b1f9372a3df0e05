using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using LPZero.Messages;
using LPZero.Messages.Control;
using Spectre.Console;

namespace LPZero.Seed.CommandLine.Cluster;

/// <summary>The verbs of <c>lpzero search</c> on a cluster, through the control API of one of its nodes.</summary>
internal sealed class RemoteSearch : IDisposable
{
    private const string TokenVariable = "LPZERO_TOKEN";
    private const int ShownProxies = 10;
    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(1);
    private readonly HttpClient client;
    private readonly string address;
    private readonly bool json;

    private RemoteSearch(string address, bool json)
    {
        this.address = address;
        this.json = json;
        client = new HttpClient { BaseAddress = new Uri($"http://{address}/api/") };
        if (Environment.GetEnvironmentVariable(TokenVariable) is { Length: > 0 } token)
        {
            client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        }
    }

    /// <summary>The option that sends a command to a cluster.</summary>
    public static Option<string?> Connect { get; } = new("--connect")
    {
        Description = $"work on a cluster, through a coordinator node's control API (its token is taken from {TokenVariable})",
        HelpName = "HOST:PORT",
        Recursive = true,
    };

    /// <summary>The cluster that the command line names, if it names one.</summary>
    public static RemoteSearch? Of(ParseResult parsed) =>
        parsed.GetValue(Connect) is { } address ? new RemoteSearch(address, parsed.GetValue<bool>("--json")) : null;

    /// <summary>Starts a run.</summary>
    public async Task<int> StartAsync(StartRequest run, bool detach, CancellationToken interrupt)
    {
        await PostAsync("runs", run, interrupt);
        if (detach)
        {
            Print(new { run = run.Name, detached = true }, () => Console.WriteLine($"run '{run.Name}' goes on on the cluster; follow it with: lpzero --connect {address} search watch {run.Name}"));
            return ExitCode.Done;
        }

        await WatchAsync(run.Name, interrupt);
        return await ShowAsync(run.Name, interrupt);
    }

    /// <summary>Lists the runs.</summary>
    public async Task<int> ListAsync(CancellationToken interrupt)
    {
        var runs = await GetAsync<ImmutableArray<RunListing>>("runs", interrupt);
        Print(runs, () =>
        {
            var table = new Table().Border(TableBorder.Simple).AddColumns("run", "state", "preset", "created (UTC)");
            foreach (var run in runs)
            {
                table.AddRow(run.Name, run.State, run.Preset, run.Created.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture));
            }

            AnsiConsole.Write(table);
        });
        return ExitCode.Done;
    }

    /// <summary>Lists the nodes.</summary>
    public async Task<int> NodesAsync(CancellationToken interrupt)
    {
        var nodes = await GetAsync<ImmutableArray<NodeListing>>("nodes", interrupt);
        Print(nodes, () =>
        {
            var table = new Table().Border(TableBorder.Simple).AddColumns("node", "roles", "status", "threads", "loaded", "terms computed", "arithmetic");
            foreach (var node in nodes)
            {
                table.AddRow(
                    node.Address, string.Join(", ", node.Roles), node.Status, Text(node.Device?.Threads), Text(node.Device?.LoadedArchitectures),
                    Text(node.Device?.ComputedTerms), Markup.Escape(node.Device?.NumericProfile ?? ""));
            }

            AnsiConsole.Write(table);
        });
        return ExitCode.Done;
    }

    /// <summary>Says where a run stands.</summary>
    public async Task<int> StatusAsync(string run, CancellationToken interrupt)
    {
        PrintStatus(await GetAsync<RunStatus>(Path(run), interrupt));
        return ExitCode.Done;
    }

    /// <summary>Pauses, resumes or stops a run.</summary>
    public async Task<int> ControlAsync(string verb, string run, CancellationToken interrupt)
    {
        PrintStatus(await PostAsync<RunStatus>($"{Path(run)}/{verb}", interrupt));
        return ExitCode.Done;
    }

    /// <summary>Prints a line whenever the run has moved, until it has ended or is paused.</summary>
    public async Task<int> WatchAsync(string run, CancellationToken interrupt)
    {
        RunStatus? last = null;
        while (true)
        {
            try
            {
                var status = await GetAsync<RunStatus>(Path(run), interrupt);
                if (status != last)
                {
                    PrintStatus(status);
                    last = status;
                }

                if (status.State is not ("new" or "running"))
                {
                    return ExitCode.Done;
                }
            }
            catch (SearchServiceException problem) when (last is not null)
            {
                // The run's owner may be moving to another node: the run goes on, and so does this.
                await Console.Error.WriteLineAsync($"lpzero: {problem.Message}");
            }

            await Task.Delay(WatchInterval, interrupt);
        }
    }

    /// <summary>Shows a run's leaderboard.</summary>
    public async Task<int> ShowAsync(string run, CancellationToken interrupt)
    {
        var leaderboard = await GetAsync<RunLeaderboard>($"{Path(run)}/leaderboard", interrupt);
        Print(leaderboard, () =>
        {
            PrintStatus(leaderboard.Status);
            var table = new Table().Border(TableBorder.Simple).AddColumns("", "proxy", "search rho", "tau-a", "tau-b");
            foreach (var entry in leaderboard.Entries.Take(ShownProxies))
            {
                table.AddRow(Text(entry.Rank), Markup.Escape(entry.Canonical), Figure(entry.Search.Rho), Figure(entry.Search.TauA), Figure(entry.Search.TauB));
            }

            AnsiConsole.Write(table);
            Console.WriteLine("pruning rules that acted: " + string.Join(", ", leaderboard.PrunedByRule.OrderByDescending(rule => rule.Value).Select(rule => $"{rule.Key} {Text(rule.Value)}")));
        });
        return ExitCode.Done;
    }

    /// <summary>Prints the events of a run, one JSON text a line.</summary>
    public async Task<int> EventsAsync(string run, CancellationToken interrupt)
    {
        using var response = await SendAsync(HttpMethod.Get, $"{Path(run)}/events", content: null, interrupt);
        Console.Write(await response.Content.ReadAsStringAsync(interrupt));
        return ExitCode.Done;
    }

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();

    private static string Path(string run) => $"runs/{Uri.EscapeDataString(run)}";

    private async Task<T> GetAsync<T>(string path, CancellationToken interrupt)
    {
        using var response = await SendAsync(HttpMethod.Get, path, content: null, interrupt);
        return (await response.Content.ReadFromJsonAsync<T>(MessageJson.Options, interrupt))!;
    }

    private async Task<T> PostAsync<T>(string path, CancellationToken interrupt)
    {
        using var response = await SendAsync(HttpMethod.Post, path, content: null, interrupt);
        return (await response.Content.ReadFromJsonAsync<T>(MessageJson.Options, interrupt))!;
    }

    private async Task PostAsync<T>(string path, T body, CancellationToken interrupt)
    {
        using var content = JsonContent.Create(body, options: MessageJson.Options);
        using var response = await SendAsync(HttpMethod.Post, path, content, interrupt);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken interrupt)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path) { Content = content };
            var response = await client.SendAsync(request, interrupt);
            if (response.IsSuccessStatusCode)
            {
                return response;
            }

            using (response)
            {
                throw new SearchServiceException(await ReasonAsync(response, interrupt));
            }
        }
        catch (HttpRequestException problem)
        {
            throw new SearchServiceException($"{address} does not answer ({problem.Message}): is a coordinator node running there?");
        }
    }

    private static async Task<string> ReasonAsync(HttpResponseMessage response, CancellationToken interrupt)
    {
        var text = await response.Content.ReadAsStringAsync(interrupt);
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.GetProperty("error").GetString()!;
        }
        catch (Exception problem) when (problem is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return $"the node answers with status {((int)response.StatusCode).ToString(CultureInfo.InvariantCulture)}";
        }
    }

    private void PrintStatus(RunStatus status) => Print(status, () =>
    {
        var requests = status.RequestsAll > 0 ? string.Create(CultureInfo.InvariantCulture, $", request {status.RequestsDone} of {status.RequestsAll}") : "";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{status.Name}: {status.State}, iteration {status.Iteration} of {status.Iterations}, {status.Evaluations} proxies scored ({status.Activity}{requests})"));
        if (status.BestRho is { } rho)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"best so far: {status.BestExpression}  rho {rho:F4} on the search set"));
        }

        if (status.Problem is { } problem)
        {
            Console.WriteLine($"problem: {problem}");
        }
    });

    private void Print<T>(T value, Action forPeople)
    {
        if (json)
        {
            CommonOptions.PrintJson(value);
        }
        else
        {
            forPeople();
        }
    }

    private static string Text(IFormattable? value) => value?.ToString(null, CultureInfo.InvariantCulture) ?? "";

    private static string Figure(double value) => value.ToString("F4", CultureInfo.InvariantCulture);
}
