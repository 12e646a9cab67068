using XVideo.Pipeline.Memory;
using XVideo.Pipeline.Requests;
using XVideo.Service.Api.Errors;
using XVideo.Service.Engine;

namespace XVideo.Service.Api.Requests;

/// <summary>Completes and checks a request by the rules of the pipeline, and says what is wrong in the names of the API.</summary>
internal static class RequestResolver
{
    /// <exception cref="ApiException">A value is not usable.</exception>
    public static ResolvedRequest Resolve(CreateRequest request, ServedModel model)
    {
        try
        {
            return RequestValidator.Resolve(request.Video, model.Defaults, model.Limits);
        }
        catch (RequestValidationException error)
        {
            throw new ApiException(Explain(request, error.Problems));
        }
    }

    /// <summary>Says that a request does not fit, and what would.</summary>
    public static ApiError Explain(CreateRequest request, MemoryShortage shortage)
    {
        var asked = shortage.Request;
        var isLength = shortage is { LargestSize: null, LargestFrameCount: not null };
        var param = isLength ? request.Param("frames") : request.Video is { Width: null, Height: null } ? "size" : request.Param("width");
        var got = $"{asked.Width}x{asked.Height} with {asked.FrameCount} frames";
        return ApiErrors.InvalidValue(param, got,
            $"it needs about {MemoryShortage.Gigabytes(shortage.RequiredBytes)} of memory, and this server has {MemoryShortage.Gigabytes(shortage.AvailableBytes)}. {shortage.WhatFits.TrimEnd('.')}");
    }

    // The envelope has room for one param: the first problem decides, and the message has all of them.
    private static ApiError Explain(CreateRequest request, IReadOnlyList<RequestProblem> problems)
    {
        var first = problems[0];
        var message = string.Join(" ", problems.Select(problem => Describe(problem, request.Param(problem.Field))).Distinct());
        return new ApiError(400, IsTooLong(request, first.Field) ? "string_above_max_length" : "invalid_value", message, request.Param(first.Field));
    }

    // Without the advice of a problem, which names options of the command line.
    private static string Describe(RequestProblem problem, string param)
    {
        var got = param == problem.Field ? problem.Got : $"({problem.Field} {problem.Got})";
        return $"{param} {got} is not usable: {problem.Allowed}.{(problem.Nearest.Count == 0 ? "" : $" Nearest: {string.Join(" or ", problem.Nearest)}.")}";
    }

    private static bool IsTooLong(CreateRequest request, string field) => field switch
    {
        "prompt" => request.Video.Prompt.Length > RequestRules.MaximumPromptLength,
        "negative-prompt" => request.Video.NegativePrompt?.Length > RequestRules.MaximumPromptLength,
        _ => false,
    };
}
