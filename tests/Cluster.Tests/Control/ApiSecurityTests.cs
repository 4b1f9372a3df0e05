using System.Net;
using LPZero.Messages.Control;
using LPZero.Seed.CommandLine.Cluster;
using LPZero.Seed.Control;

namespace LPZero.Cluster.Tests.Control;

/// <summary>Who may use the control API.</summary>
public sealed class ApiSecurityTests
{
    [Fact]
    public async Task One_token_may_do_everything_another_may_read_and_a_wrong_one_nothing()
    {
        await using var served = await ServedRuns.StartAsync(
            held: true, security: new ApiSecurity { Token = "all of it", ReadToken = "looking" });
        foreach (var wrong in (string?[])[null, "Bearer ", "Bearer wrong", "Basic all of it", "Bearer all of it!", "all of it"])
        {
            await ServedRuns.ProblemAsync(HttpStatusCode.Unauthorized, await AskAsync(HttpMethod.Get, "/api/runs", wrong));
        }

        using var listed = await AskAsync(HttpMethod.Get, "/api/runs", "Bearer looking");
        Assert.Equal(HttpStatusCode.OK, listed.StatusCode);
        foreach (var (method, path) in ((HttpMethod, string)[])[
            (HttpMethod.Post, "/api/runs/first/stop"), (HttpMethod.Delete, "/api/runs/first"), (HttpMethod.Put, "/api/runs/first/tags"),
            (HttpMethod.Put, "/api/runs/first/priority"),
            (HttpMethod.Post, "/api/runs"), (HttpMethod.Put, "/api/cluster/members/x:1"),
        ])
        {
            await ServedRuns.ProblemAsync(HttpStatusCode.Forbidden, await AskAsync(method, path, "Bearer looking"));
            await ServedRuns.ProblemAsync(HttpStatusCode.Unauthorized, await AskAsync(method, path, null));
        }

        await ServedRuns.ProblemAsync(
            HttpStatusCode.NotFound, await AskAsync(HttpMethod.Post, "/api/runs/first/stop", "bearer all of it"));
        using var alive = await AskAsync(HttpMethod.Get, "/healthz", null);
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);

        Task<HttpResponseMessage> AskAsync(HttpMethod method, string path, string? token) =>
            served.SendAsync(method, path, null, ("Authorization", token));
    }

    [Theory]
    [InlineData("Host", "lpzero.example:4054")]
    [InlineData("Host", "169.254.169.254")]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Origin", "null")]
    public async Task Without_a_token_no_page_in_a_browser_may_ask(string header, string value)
    {
        await using var served = await ServedRuns.StartAsync(held: true);
        var problem = await ServedRuns.ProblemAsync(
            HttpStatusCode.Forbidden, await served.SendAsync(HttpMethod.Get, "/api/runs", null, (header, value)));
        Assert.Equal(header, problem.Field);
    }

    [Theory]
    [InlineData("0.0.0.0", null, null, "LPZERO_TOKEN")]
    [InlineData("10.0.0.5", null, "looking", "LPZERO_TOKEN")]
    [InlineData("127.0.0.1", null, "looking", "LPZERO_READ_TOKEN")]
    [InlineData("10.0.0.5", "all", "looking", null)]
    [InlineData("localhost", null, null, null)]
    [InlineData("::1", null, null, null)]
    public void Beyond_this_machine_a_token_is_needed(string host, string? token, string? readToken, string? named)
    {
        var security = new ApiSecurity { Token = token, ReadToken = readToken };
        if (named is null)
        {
            security.Check(host);
        }
        else
        {
            Assert.Contains(
                named, Assert.Throws<SearchServiceException>(() => security.Check(host)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_token_is_read_from_the_file_that_a_variable_names()
    {
        const string variable = "LPZERO_TOKEN_OF_THE_TEST";
        var file = Path.GetTempFileName();
        try
        {
            Environment.SetEnvironmentVariable(variable + ApiSecurity.FileSuffix, file);
            Assert.Contains("empty", Assert.Throws<SearchServiceException>(() => ApiSecurity.Secret(variable)).Message,
                StringComparison.Ordinal);
            File.WriteAllText(file, "from a file\n");
            Assert.Equal("from a file", ApiSecurity.Secret(variable));
            Environment.SetEnvironmentVariable(variable, "given");
            Assert.Equal("given", ApiSecurity.Secret(variable));
        }
        finally
        {
            Environment.SetEnvironmentVariable(variable, null);
            Environment.SetEnvironmentVariable(variable + ApiSecurity.FileSuffix, null);
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Under_a_certificate_only_whoever_trusts_its_issuer_is_answered()
    {
        using var authority = new MadeUpAuthority();
        using var another = new MadeUpAuthority();
        await using var served = await ServedRuns.StartAsync(
            held: true, security: new ApiSecurity { Certificate = PemFiles.Certificate(authority.Issue("server"), key: null) });
        Assert.StartsWith("https://", served.Url, StringComparison.Ordinal);
        var address = served.Url["https://".Length..];

        using var trusting = new HttpSearchService(address, authority.File);
        Assert.Empty(await trusting.ListAsync(default));
        foreach (var untrusting in (HttpSearchService[])[new(served.Url), new(address, another.File)])
        {
            using (untrusting)
            {
                var refused = await Assert.ThrowsAsync<SearchServiceException>(() => untrusting.ListAsync(default));
                Assert.Contains("--ca", refused.Message, StringComparison.Ordinal);
            }
        }

        using var plain = new HttpSearchService(address);
        var inTheClear = await Assert.ThrowsAsync<SearchServiceException>(() => plain.ListAsync(default));
        Assert.Contains($"--connect https://{address}", inTheClear.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://10.0.0.7:4054/api/", true)]
    [InlineData("http://gpu-1:4054/api/", true)]
    [InlineData("https://10.0.0.7:4054/api/", false)]
    [InlineData("http://127.0.0.1:4054/api/", false)]
    [InlineData("http://localhost:4054/api/", false)]
    [InlineData("http://[::1]:4054/api/", false)]
    public void Whoever_would_send_a_token_in_the_clear_beyond_this_machine_is_warned_in_one_line(string node, bool warns)
    {
        var warning = HttpSearchService.WarningOfToken(new Uri(node));
        Assert.Equal(warns, warning is not null);
        Assert.DoesNotContain("\n", warning ?? "", StringComparison.Ordinal);
        Assert.Contains(warns ? $"https://{new Uri(node).Authority}" : "", warning ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_holds_no_certificate_is_named()
    {
        var file = Path.GetTempFileName();
        Assert.Contains(file, Assert.Throws<SearchServiceException>(() => PemFiles.Certificates(file)).Message, StringComparison.Ordinal);
        Assert.Contains(
            file, Assert.Throws<SearchServiceException>(() => PemFiles.Certificate(file, key: null)).Message, StringComparison.Ordinal);
        File.Delete(file);
    }
}
