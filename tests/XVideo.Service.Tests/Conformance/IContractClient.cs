namespace XVideo.Service.Tests.Conformance;

/// <summary>Something that speaks the contract.</summary>
internal interface IContractClient : IAsyncDisposable
{
    /// <summary>As the page of results calls it.</summary>
    string Name { get; }

    /// <summary>Sends a call; <see langword="null"/> when this client cannot send such a one.</summary>
    Task<ContractReply?> SendAsync(ContractCall call);
}
